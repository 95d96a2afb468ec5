/** The language server over a pair of streams: it answers until the client says exit or goes away. */
import type { Readable, Writable } from "node:stream";
import { type Connection, createConnection, DidChangeWatchedFilesNotification } from "vscode-languageserver";
import {
  ConnectionError,
  createProtocolConnection,
  type Logger,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { version } from "../../runtime/version.ts";
import type { World } from "../world.ts";
import { serverCapabilities, watched } from "./client.ts";
import { answerRequests } from "./features.ts";
import { Session } from "./session.ts";

/** Serves one client. Answers 0 after shutdown and exit, 1 for an exit without shutdown or a client that is gone. */
export function serve(input: Readable, output: Writable, world: World): Promise<0 | 1> {
  return new Promise((resolve) => {
    // The library's own entry for Node would end the process itself; ours answers an exit code.
    const watchDog = {
      shutdownReceived: false,
      initialize: () => {},
      exit: (code: number) => end(code === 0 ? 0 : 1),
    };
    const reader = new StreamMessageReader(input);
    // Its timer, which tells of half a message, would keep the process alive after the client is gone.
    reader.partialMessageTimeout = 0;
    const connection = createConnection(
      (logger) => createProtocolConnection(reader, new StreamMessageWriter(output), whileOpen(logger)),
      watchDog,
    );
    const session = new Session(connection, world);
    const end = (code: 0 | 1): void => {
      session.judged.close();
      resolve(code);
    };
    for (const event of ["end", "close"]) input.once(event, () => end(watchDog.shutdownReceived ? 0 : 1));
    greet(connection, session);
    answerRequests(connection, session);
    session.documents.listen(connection);
    connection.listen();
  });
}

/** The library writes its log to the client, which may be gone by then: there is nobody left to tell. */
function whileOpen(logger: Logger): Logger {
  const told =
    (level: keyof Logger) =>
    (message: string): void => {
      try {
        logger[level](message);
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
      }
    };
  return { error: told("error"), warn: told("warn"), info: told("info"), log: told("log") };
}

function greet(connection: Connection, session: Session): void {
  connection.onInitialize((params) => {
    session.begin(params);
    return { capabilities: serverCapabilities, serverInfo: { name: "connector", version } };
  });
  connection.onInitialized(() => {
    if (session.client.folders)
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
        session.changeFolders(
          added.map(({ uri }) => uri),
          removed.map(({ uri }) => uri),
        ),
      );
    if (session.client.watches)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: watched }],
      });
  });
  connection.onDidChangeWatchedFiles(() => session.judgeAll());
}
