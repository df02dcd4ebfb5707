using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Probes;

/// <summary>Repeats one probe of one container, and decides by its thresholds.</summary>
internal sealed class ProbeWorker(ProbeType type, V1Probe probe, ProbeTarget target, IProber prober, Action changed, TimeProvider clock)
    : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile StrongResult _result = new(null);

    public ProbeType Type => type;

    public string ContainerId => target.ContainerId;

    public string Uid => target.Pod.Metadata?.Uid ?? "";

    /// <summary>Null while undecided.</summary>
    public bool? Result => _result.Value;

    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start()
    {
        var token = _stop.Token;
        Completion = Task.Run(() => RunAsync(token), CancellationToken.None);
    }

    /// <summary>Stops probing; Completion tells when it has.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ProbeUntilDecidedAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The container ended, or the kubelet did.
        }
    }

    private async Task ProbeUntilDecidedAsync(CancellationToken cancellationToken)
    {
        var first = target.StartedAt + PodExtensions.Seconds(probe.InitialDelaySeconds ?? 0) - clock.GetUtcNow();
        if (first > TimeSpan.Zero)
        {
            await Task.Delay(first, clock, cancellationToken);
        }

        var period = PodExtensions.Seconds(Math.Max(1, probe.PeriodSeconds ?? 10));
        bool? last = null;
        var run = 0;
        while (true)
        {
            var success = (await prober.ProbeAsync(type, probe, target, cancellationToken)).Success;
            run = success == last ? run + 1 : 1;
            last = success;
            if (run >= Threshold(success) && Decide(success))
            {
                return;
            }

            await Task.Delay(period, clock, cancellationToken);
        }
    }

    private int Threshold(bool success) => Math.Max(1, success ? probe.SuccessThreshold ?? 1 : probe.FailureThreshold ?? 3);

    /// <summary>True when there is no more to find out: it started, or it is to be restarted.</summary>
    private bool Decide(bool success)
    {
        if (_result.Value != success)
        {
            _result = new StrongResult(success);
            changed();
        }

        return type switch
        {
            ProbeType.Startup => true,
            ProbeType.Liveness => !success,
            _ => false,
        };
    }

    private sealed record StrongResult(bool? Value);
}
