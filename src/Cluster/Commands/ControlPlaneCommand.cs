using System.CommandLine;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk controlplane</c>: API server, scheduler, controller manager and name server in one process, each with the flags of its own file.</summary>
internal static class ControlPlaneCommand
{
    public static Command Create()
    {
        var command = new Command("controlplane", "Run API server, scheduler, controller manager and name server in one process.") { Hidden = true };
        var folder = new Option<string>("--arguments") { Description = "The folder of apiserver.args, scheduler.args, controller-manager.args and dns.args.", DefaultValueFactory = _ => "/etc/kubernetes" };
        command.Options.Add(folder);
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(folder) ?? "", cancellationToken));
        return command;
    }

    /// <summary>One for all: when a component ends, the others are stopped and the supervisor starts the process again.</summary>
    private static async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var stopClients = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopServer = new CancellationTokenSource();
        var server = StartAsync("apiserver", folder, stopServer.Token);
        Task<int>[] clients = [.. from component in (string[])["scheduler", "controller-manager", "dns"] select StartAsync(component, folder, stopClients.Token)];
        var first = await Task.WhenAny([server, .. clients]);

        // Clients first: they give back their leases while there is still somebody to give them to.
        await stopClients.CancelAsync();
        await Task.WhenAll(clients);
        await stopServer.CancelAsync();
        await server;
        return await first;
    }

    private static Task<int> StartAsync(string component, string folder, CancellationToken cancellationToken)
    {
        var command = Components.Find(component) ?? throw new InvalidOperationException($"There is no component {component}.");
        return Task.Run(
            () => command().Parse([$"@{Path.Combine(folder, component)}.args"])
                .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellationToken),
            CancellationToken.None);
    }
}
