/** The environment variable that may hold a credential or setting: `CONNECTOR_JIRA_CLOUD_API_TOKEN`. */
export function variableName(slug: string, key: string): string {
  return `CONNECTOR_${shout(slug)}_${shout(key)}`;
}

function shout(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, "_").toUpperCase();
}
