import { describe, expect, it } from 'vitest'
import { readComplaints } from '../../../src/nexus/errors/error-body.ts'

const JSON_TYPE = 'application/json'

/** Bodies as real servers 3.28 to 3.96 send them (nexus-api section 1.3), and what they say: [field, message]. */
const BODIES: [name: string, type: string | undefined, body: string, says: [string | undefined, string][]][] =
  [
    [
      'E1 list',
      JSON_TYPE,
      '[ {"id":"PARAMETER blobStoreName","message":"must not be empty"} ]',
      [['blobStoreName', 'must not be empty']],
    ],
    [
      'E1 without Accept',
      'application/vnd.siesta-validation-errors-v1+json',
      '[{"id":"PARAMETER name","message":"x"}]',
      [['name', 'x']],
    ],
    [
      'E1 of the whole body',
      JSON_TYPE,
      '[{"id":"PARAMETER arg0","message":"must not be null"}]',
      [[undefined, 'must not be null']],
    ],
    [
      'E2 port',
      JSON_TYPE,
      '[{"id":"HelperBean.attributes.docker.httpPort","message":"in use"}]',
      [['docker.httpPort', 'in use']],
    ],
    [
      'E2 authentication',
      JSON_TYPE,
      '[{"id":"UsernameAuthenticationConfiguration.attributes[httpclient].authentication.password","message":"must not be blank"}]',
      [['httpclient.authentication.password', 'must not be blank']],
    ],
    [
      'E2 negative cache',
      JSON_TYPE,
      '[{"id":"Config.attributes[negativeCache].timeToLive","message":"m"}]',
      [['negativeCache.timeToLive', 'm']],
    ],
    ['E2 members', JSON_TYPE, '[{"id":"HelperBean.memberNames","message":"m"}]', [['memberNames', 'm']]],
    ['E2 on 3.28', JSON_TYPE, '[{"id":"FIELD memberNames","message":"m"}]', [['memberNames', 'm']]],
    ['E3', JSON_TYPE, '[{"id":"*","message":"m"}]', [[undefined, 'm']]],
    [
      'an index stays',
      JSON_TYPE,
      '[{"id":"matchers[1]","message":"Invalid regex: ("}]',
      [['matchers[1]', 'Invalid regex: (']],
    ],
    [
      'E4 from 3.49',
      JSON_TYPE,
      '{"id":"*","message":"\\"Blob store not found\\""}',
      [[undefined, 'Blob store not found']],
    ],
    [
      'E4 suppressed',
      JSON_TYPE,
      '{"id":"*","message":"\\"Failed\\nBecause\\""}',
      [[undefined, 'Failed; Because']],
    ],
    ['E4 to 3.48', JSON_TYPE, '"Blob store not found"', [[undefined, 'Blob store not found']]],
    [
      'E4 to 3.48, no JSON',
      JSON_TYPE,
      '"Cannot invoke "x" because\n"y" is null"',
      [[undefined, 'Cannot invoke "x" because; "y" is null']],
    ],
    [
      'E5 from 3.49',
      'text/plain',
      "ValidationErrorXO{id='*', message='\"Unknown realmIds: [x]\"'}",
      [[undefined, 'Unknown realmIds: [x]']],
    ],
    [
      'E5 with an id',
      'text/plain',
      "ValidationErrorXO{id='name', message='Duplicate key'}",
      [['name', 'Duplicate key']],
    ],
    [
      'E6 without inner quotes',
      JSON_TYPE,
      '{"id":"*","message":"Unable to find File \'x\' blobstore"}',
      [[undefined, "Unable to find File 'x' blobstore"]],
    ],
    ['E7', undefined, '', []],
    [
      'E8',
      JSON_TYPE,
      '[{"id":"raw","message":"Cannot deserialize"},{"id":"contentDisposition","message":"Cannot deserialize"},{"id":"raw","message":"Cannot deserialize"}]',
      [
        ['raw', 'Cannot deserialize'],
        ['contentDisposition', 'Cannot deserialize'],
      ],
    ],
    ['E8 of a list', JSON_TYPE, '[]', []],
    [
      'E9',
      'text/plain;charset=utf-8',
      'ERROR: (ID 1-2) java.lang.X: no',
      [[undefined, 'ERROR: (ID 1-2) java.lang.X: no']],
    ],
    [
      'a key of 3.89',
      JSON_TYPE,
      '[{"id":"PARAMETER host","message":"{org.sonatype.nexus.validation.constraint.hostname}"}]',
      [['host', 'must be a valid host name']],
    ],
    [
      'an unknown key',
      JSON_TYPE,
      '[{"id":"PARAMETER x","message":"{org.sonatype.other}"}]',
      [['x', '{org.sonatype.other}']],
    ],
    ['Jetty', JSON_TYPE, '{"message":"Not Found","url":"/x","status":"404"}', [[undefined, 'Not Found']]],
    [
      'nginx',
      'text/html',
      '<html>\r\n<head><title>502 Bad Gateway</title></head><body></body></html>',
      [[undefined, '502 Bad Gateway']],
    ],
    [
      'HTML without its type',
      undefined,
      '<!DOCTYPE html><title>Hi &amp; all</title>',
      [[undefined, 'Hi &amp; all']],
    ],
    ['HTML without title', 'text/html', '<p>no</p>', []],
    [
      'text',
      'text/plain',
      'Too many authentication attempts',
      [[undefined, 'Too many authentication attempts']],
    ],
    ['a number', JSON_TYPE, '7', []],
    ['null', JSON_TYPE, 'null', []],
    ['half a JSON', JSON_TYPE, '{"id":', [[undefined, '{"id":']]],
  ]

describe('an error body', () => {
  for (const [name, type, body, says] of BODIES) {
    it(name, () => {
      expect(readComplaints(type, body).map(({ field, message }) => [field, message])).toEqual(says)
    })
  }

  it('keeps the id as sent', () => {
    expect(readComplaints(JSON_TYPE, '[{"id":"PARAMETER name","message":"x"}]')).toEqual([
      { id: 'PARAMETER name', field: 'name', message: 'x' },
    ])
  })

  it('is cut where it is endless', () => {
    expect(readComplaints('text/plain', 'x'.repeat(100_000))[0]?.message).toHaveLength(501)
  })
})
