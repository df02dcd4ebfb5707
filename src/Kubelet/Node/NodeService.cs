using MiniKube.Kubelet.Sources;

namespace MiniKube.Kubelet.Node;

/// <summary>Runs the nodes of this process.</summary>
internal sealed class NodeService(IReadOnlyList<NodeAgent> agents, PodDispatcher dispatcher) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var agent in agents)
        {
            dispatcher.Add(agent.Options.NodeName, agent.Queue);
        }

        return RunAsync(stoppingToken);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> tasks = [.. agents.Select(agent => agent.RunAsync(stop.Token)), dispatcher.RunAsync(stop.Token)];
        var first = await Task.WhenAny(tasks);
        await stop.CancelAsync();
        await Task.WhenAll(tasks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await first;
    }
}
