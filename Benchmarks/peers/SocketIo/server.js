import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Server } from "socket.io";

const { values } = parseArgs({ options: { port: { type: "string", default: "3000" }, redis: { type: "string" } } });

const http = createServer();
const io = new Server(http, { perMessageDeflate: false, adapter: values.redis && (await redisAdapter(values.redis)) });

// The documentation's advice on memory: the handshake's request is not needed any more.
io.engine.on("connection", (connection) => {
  connection.request = null;
});

io.on("connection", (socket) => {
  socket.on("join", async (name, room, joined) => {
    socket.data.name = name;
    socket.data.room = room;
    await socket.join(room);
    joined();
  });
  socket.on("leave", async (left) => {
    await socket.leave(socket.data.room);
    left();
  });
  socket.on("message", (text) => {
    io.to(socket.data.room).emit("message", { from: socket.data.name, content: text });
  });
});

http.listen(Number(values.port), "127.0.0.1", () => console.log(`Ready on http://127.0.0.1:${values.port}`));

async function redisAdapter(address) {
  const [{ createAdapter }, { createClient }] = await Promise.all([import("@socket.io/redis-adapter"), import("redis")]);
  const publisher = createClient({ url: `redis://${address}` });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return createAdapter(publisher, subscriber);
}
