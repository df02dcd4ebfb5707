using MiniKube.Client.Controllers;
using MiniKube.Client.LeaderElection;
using MiniKube.Client.ServiceAccounts;

namespace MiniKube.ControllerManager;

/// <summary>Runs all enabled controllers while this process leads.</summary>
internal sealed class ControllerManagerService(
    LeaderElector elector, ControllerRunner runner, ControllerManagerOptions options, IEnumerable<ControllerEntry> entries, IServiceScopeFactory scopes)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var entry in entries)
        {
            // Making the controllers starts the watches they read from: who stands by is ready to lead at once.
            await using var standby = scopes.CreateAsyncScope();
            _ = Create(standby, entry);
        }

        await elector.RunAsync(LeadAsync, stoppingToken);
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll([.. entries.Select(entry => RunAsync(entry, all))]);
    }

    // A controller that ends by itself is a defect: the others stop too, and the process ends rather than go on without one.
    private async Task RunAsync(ControllerEntry entry, CancellationTokenSource all)
    {
        await using var term = scopes.CreateAsyncScope();
        var controller = Create(term, entry);
        string[] names = entry.Alias is { } alias ? [controller.Name, alias] : [controller.Name];
        if (!options.IsEnabled(names, entry.OnByDefault))
        {
            return;
        }

        try
        {
            await runner.RunAsync(controller, all.Token);
        }
        finally
        {
            await all.CancelAsync();
        }
    }

    private IController Create(AsyncServiceScope scope, ControllerEntry entry)
    {
        // Before anything else is made in the scope: its clients act as this account.
        scope.ServiceProvider.GetRequiredService<ClientIdentity>().ServiceAccount = options.UseServiceAccountCredentials ? entry.ServiceAccount : null;
        return (IController)scope.ServiceProvider.GetRequiredService(entry.Type);
    }
}
