/** What wrote a file: stands in its header. A test holds it equal to the version of the package. */
export const generator: string = "connectorc 0.1.0";
