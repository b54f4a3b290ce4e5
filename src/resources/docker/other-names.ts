/**
 * What other tools call the fields of docker repositories: the Ansible role ansible-ThoTeam/nexus3-oss (`nexus_repos_docker_*`), the
 * Terraform provider datadrivers/nexus, and whoever writes of `port` and means the connector.
 */
export const otherDockerNames: Readonly<Record<string, readonly string[]>> = {
  port: ['httpPort'],
  sslport: ['httpsPort'],
  strictcontentvalidation: ['strictContentTypeValidation'],
  memberrepos: ['members'],
  memberrepositories: ['members'],
  repositories: ['members'],
  url: ['remoteUrl'],
  remote: ['remoteUrl'],
  registry: ['remoteUrl'],
  maximumcomponentage: ['contentMaxAge'],
  maximummetadataage: ['metadataMaxAge'],
  negativecachettl: ['negativeCache.timeToLive'],
  ttl: ['negativeCache.timeToLive'],
  foreignlayers: ['cacheForeignLayers'],
  usenexuscertificatestoaccessindex: ['httpClient.useTrustStore'],
  remoteusername: ['authentication.username'],
  remotepassword: ['authentication.password'],
  user: ['authentication.username'],
  token: ['authentication.bearerToken'],
}
