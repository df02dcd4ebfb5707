using MiniKube.Api.Errors;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>Makes what every cluster has once the cache is filled, and keeps it: somebody may delete it, and servers come and go.</summary>
internal sealed partial class BootstrapService(
    Task cachePrimed,
    BootstrapObjects objects,
    RbacBootstrap rbac,
    MasterEndpoints endpoints,
    IdentityLease identity,
    TimeProvider clock,
    ILogger<BootstrapService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WithdrawLimit = TimeSpan.FromSeconds(5);

    // Masters that start together get in each other's way: what one has just made the other's cache does not know yet.
    private static readonly TimeSpan ConflictDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything has been there once.</summary>
    public Task Done => _done.Task;

    /// <summary>Ends the rounds and takes the server's address out of the <c>kubernetes</c> Service: the first thing that a server does which is to stop.</summary>
    public async Task WithdrawAsync()
    {
        using var patience = new CancellationTokenSource(WithdrawLimit, clock);
        try
        {
            await StopAsync(patience.Token);
            await endpoints.WithdrawAsync(patience.Token);
        }
        catch (Exception error) when (error is StatusException or StorageException or OperationCanceledException)
        {
            // The key runs out by itself.
            Log.Failed(logger, error.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await cachePrimed.WaitAsync(stoppingToken);
        var hasPolicy = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var delay = Period;
            try
            {
                await objects.EnsureAsync(stoppingToken);
                if (!hasPolicy)
                {
                    // Once a start, as upstream: what an administrator changes afterwards stays changed until the next.
                    await rbac.EnsureAsync(stoppingToken);
                    hasPolicy = true;
                }

                await endpoints.ReconcileAsync(stoppingToken);
                await identity.RenewAsync(stoppingToken);
                await identity.CollectExpiredAsync(stoppingToken);
                _done.TrySetResult();
            }
            catch (Exception error) when (error is StatusException or StorageException)
            {
                Log.Failed(logger, error.Message);
                delay = error is StatusException ? ConflictDelay : RetryDelay;
            }

            await Task.Delay(delay, clock, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The system's own objects could not be written: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
