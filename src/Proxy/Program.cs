using MiniKube.Proxy;
using MiniKube.Hosting;

return await ComponentProgram.RunAsync(ProxyCommand.Create(), args);
