using MiniKube.ApiServer;

return await ApiServerCommand.Create().Parse(args).InvokeAsync();
