using MiniKube.Dns;
using MiniKube.Hosting;

return await ComponentProgram.RunAsync(DnsCommand.Create(), args);
