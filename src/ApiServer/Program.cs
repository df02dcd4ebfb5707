using MiniKube.ApiServer;
using MiniKube.Hosting;

return await ComponentProgram.RunAsync(ApiServerCommand.Create(), args);
