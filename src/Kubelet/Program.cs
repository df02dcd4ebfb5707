using MiniKube.Kubelet;
using MiniKube.Hosting;

return await ComponentProgram.RunAsync(KubeletCommand.Create(), args);
