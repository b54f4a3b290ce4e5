/** The terms of Community Edition, where Nexus's own disclaimer leads (nexus-api 2.10). */
export const licenceTerms = 'https://links.sonatype.com/products/nxrm/ce-eula'
