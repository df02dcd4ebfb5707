using MiniKube.Kubelet;

return await KubeletCommand.Create().Parse(args).InvokeAsync();
