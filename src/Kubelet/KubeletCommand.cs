using System.CommandLine;

namespace MiniKube.Kubelet;

/// <summary>The command line of the kubelet: upstream's flags where upstream has them.</summary>
public static class KubeletCommand
{
    public static Command Create()
    {
        var flags = new KubeletFlags();
        var command = new Command("kubelet", "The node agent: runs the pods that are bound to this node.");
        flags.AddTo(command);
        command.SetAction((result, cancellationToken) => KubeletHost.RunAsync(flags.Read(result), cancellationToken));
        return command;
    }
}
