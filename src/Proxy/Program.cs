using MiniKube.Proxy;

return await ProxyCommand.Create().Parse(args).InvokeAsync();
