using MiniKube.Client.Controllers;
using MiniKube.Client.LeaderElection;

namespace MiniKube.ControllerManager;

/// <summary>Runs all enabled controllers while this process leads.</summary>
internal sealed class ControllerManagerService(
    LeaderElector elector, ControllerRunner runner, ControllerManagerOptions options, IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using (var standby = scopes.CreateAsyncScope())
        {
            // Making the controllers starts the watches they read from: who stands by is ready to lead at once.
            _ = Enabled(standby.ServiceProvider);
        }

        await elector.RunAsync(LeadAsync, stoppingToken);
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        await using var term = scopes.CreateAsyncScope();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Enabled(term.ServiceProvider).Select(controller => RunAsync(controller, all)).ToArray();
        await Task.WhenAll(running);
    }

    // A controller that ends by itself is a defect: the others stop too, and the process ends rather than go on without one.
    private async Task RunAsync(IController controller, CancellationTokenSource all)
    {
        try
        {
            await runner.RunAsync(controller, all.Token);
        }
        finally
        {
            await all.CancelAsync();
        }
    }

    private List<IController> Enabled(IServiceProvider services) =>
        [.. services.GetServices<IController>().Where(controller => options.IsEnabled(controller.Name))];
}
