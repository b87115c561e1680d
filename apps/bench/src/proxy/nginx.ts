import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Contender, Running } from "./contender.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const program = "nginx";

/** As a plain reverse proxy, in one process, passing on every event at once. */
export const nginx: Contender = {
  name: "nginx",
  missing: spawnSync(program, ["-v"]).error === undefined ? undefined : "nginx is not installed here.",
  start,
};

async function start(upstreamPort: number): Promise<Running> {
  await using opened = new AsyncDisposableStack();
  const folder = await temporaryFolder(opened);
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  await writeFile(file, configuration(folder, port, upstreamPort));
  const args = ["-p", folder, "-c", file, "-e", join(folder, "error.log")];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  const exited = once(child, "exit");
  opened.defer(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error("nginx did not start; its error is above.");
    await wait(10);
  }
  const kept = opened.move();
  return { pid: child.pid ?? 0, port, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Paths are the folder's: the defaults belong to the machine's own nginx, or to root. */
function configuration(folder: string, port: number, upstreamPort: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `
    daemon off; master_process off; pid ${join(folder, "nginx.pid")};
    events { worker_connections 8192; }
    http {
      access_log off;
      ${temporary.join("\n")}
      client_max_body_size 50m;
      client_body_buffer_size 1m;
      keepalive_requests 100000000;
      upstream model { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 100000000; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://model;
          proxy_http_version 1.1;
          proxy_set_header connection "";
          proxy_buffering off;
        }
      }
    }
  `;
}

/** nginx cannot be asked to choose a port itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Not yet: the question is asked again.
    return false;
  } finally {
    socket.destroy();
  }
}
