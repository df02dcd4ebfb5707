using System.CommandLine;

namespace MiniKube.Cluster.Commands;

/// <summary>The components of a cluster that <c>mk</c> can be: each is a program of its own too, with the same flags.</summary>
internal static class Components
{
    // Lambdas, not methods: naming a method loads the program that it is in, and a process is only one of them.
    private static readonly Dictionary<string, (string Description, Func<Command> Create)> All = new(StringComparer.Ordinal)
    {
        ["apiserver"] = ("Run the API server.", () => ApiServer.ApiServerCommand.Create()),
        ["scheduler"] = ("Run the scheduler.", () => Scheduler.SchedulerCommand.Create()),
        ["controller-manager"] = ("Run the controller manager.", () => ControllerManager.ControllerManagerCommand.Create()),
        ["kubelet"] = ("Run the kubelet.", () => Kubelet.KubeletCommand.Create()),
        ["proxy"] = ("Run the service proxy.", () => Proxy.ProxyCommand.Create()),
        ["overlay"] = ("Run the overlay network (as flanneld).", () => Overlay.OverlayCommand.Create()),
        ["dns"] = ("Run the cluster's name server.", () => Dns.DnsCommand.Create()),
    };

    /// <summary>What makes a component's command line, by its name; null if there is no such component.</summary>
    public static Func<Command>? Find(string name) => All.TryGetValue(name, out var component) ? component.Create : null;

    /// <summary>Their lines in mk's help.</summary>
    public static IEnumerable<Command> Describe() => All.Select(component => new Command(component.Key, component.Value.Description));
}
