using Microsoft.Extensions.Logging;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.Client.LeaderElection;

/// <summary>
/// Runs work while this process is the leader. A leader that cannot renew stops its work before its lease runs out and stands by again; one that is stopped cleanly gives the lease back.
/// </summary>
public sealed partial class LeaderElector(
    ApiConnection connection, FencingToken fence, LeaderElectionOptions options, TimeProvider clock, Random random, ILogger<LeaderElector> logger)
{
    internal const double JitterFactor = 1.2;

    // The Lease itself is written without the token: a candidate has none, and a stale one would keep it from ever leading again.
    private readonly LeaseLock _lease = new(new ObjectClient(connection, null, clock), options, clock);

    private volatile bool _isLeader;

    /// <summary>Whether the work runs, as the metric leader_election_master_status tells.</summary>
    public bool IsLeader => _isLeader;

    /// <summary>
    /// Until cancelled: waits for leadership, runs the work with a token that is cancelled when leadership is lost, waits for its end, and stands by again. Work that fails by itself ends this with its exception.
    /// </summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (!options.LeaderElect)
        {
            await work(cancellationToken);
            return;
        }

        try
        {
            while (true)
            {
                await AcquireAsync(cancellationToken);
                await LeadAsync(work, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.Stopped(logger, options.Lease);
        }
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        Log.Waiting(logger, options.Lease);
        while (!await TryAsync(options.RenewDeadline / 2, cancellationToken))
        {
            // Spread by chance, so that candidates do not always meet; to less than the period, where upstream's is more: a lease that was given back is taken within one.
            await Task.Delay(options.RetryPeriod * (1 - (random.NextDouble() / 2)), clock, cancellationToken);
        }

        fence.HeaderValue = _lease.Token is { } token ? Fencing.Format(options.Lease, token) : null;
        Log.Leading(logger, options.Identity, options.Lease);
    }

    private async Task LeadAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _isLeader = true;
        var working = Task.Run(() => work(term.Token), term.Token);
        var renewing = RenewUntilLostAsync(term.Token);
        await Task.WhenAny(working, renewing);
        await term.CancelAsync();
        try
        {
            await working;
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // As asked.
        }
        finally
        {
            _isLeader = false;
            await renewing;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Ends when the lease was not renewed for the deadline, when another holds it, or when cancelled.</summary>
    private async Task RenewUntilLostAsync(CancellationToken cancellationToken)
    {
        // From before the request: the server may have seen it that early.
        var renewed = clock.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.RetryPeriod, clock, cancellationToken);
                // Checked first: a process that was frozen must not renew what it has lost.
                var left = options.RenewDeadline - clock.GetElapsedTime(renewed);
                var started = clock.GetTimestamp();
                if (left > TimeSpan.Zero && await TryAsync(left < options.RenewDeadline / 2 ? left : options.RenewDeadline / 2, cancellationToken))
                {
                    renewed = started;
                }
                else if (clock.GetElapsedTime(renewed) >= options.RenewDeadline || _lease.Holder != options.Identity)
                {
                    Log.Lost(logger, options.Lease, _lease.Holder);
                    return;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<bool> TryAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _lease.TryAcquireOrRenewAsync(linked.Token);
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException or System.Text.Json.JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.Failed(logger, options.Lease, exception.Message);
            return false;
        }
    }

    // Not with the cancelled token: releasing is the last thing a stopping leader does, and has its own short limit.
    private async Task ReleaseAsync()
    {
        using var deadline = new CancellationTokenSource(options.RetryPeriod, clock);
        try
        {
            await _lease.ReleaseAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException or OperationCanceledException)
        {
            Log.NotReleased(logger, options.Lease, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Attempting to acquire leader lease {Lease}")]
        public static partial void Waiting(ILogger logger, NamespacedName lease);

        [LoggerMessage(LogLevel.Information, "{Identity} became leader of {Lease}")]
        public static partial void Leading(ILogger logger, string identity, NamespacedName lease);

        [LoggerMessage(LogLevel.Warning, "Lost the lease {Lease}, now held by \"{Holder}\": the work stops")]
        public static partial void Lost(ILogger logger, NamespacedName lease, string holder);

        [LoggerMessage(LogLevel.Information, "Stopped taking part in the election for {Lease}")]
        public static partial void Stopped(ILogger logger, NamespacedName lease);

        [LoggerMessage(LogLevel.Warning, "Failed to acquire or renew {Lease}, trying again: {Reason}")]
        public static partial void Failed(ILogger logger, NamespacedName lease, string reason);

        [LoggerMessage(LogLevel.Warning, "Failed to release {Lease}, the next leader waits until it runs out: {Reason}")]
        public static partial void NotReleased(ILogger logger, NamespacedName lease, string reason);
    }
}
