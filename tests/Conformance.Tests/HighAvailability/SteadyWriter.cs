using System.Diagnostics;
using System.Globalization;

using k8s;
using k8s.Autorest;
using k8s.Models;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>
/// A client that creates one object after the other through the load balancer, and tries again when it fails, on a new connection. It notes what was acknowledged.
/// </summary>
internal sealed class SteadyWriter : IAsyncDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Kubernetes> _connect;
    private readonly string _namespace;
    private readonly string _prefix = $"write-{Guid.NewGuid().ToString("N")[..6]}";
    private readonly Task _writing;
    private int _acknowledged;
    private int _failures;
    private TimeSpan _longestGap;

    public SteadyWriter(Func<Kubernetes> connect, string ns)
    {
        _connect = connect;
        _namespace = ns;
        // Ended by its own hand: what is under way is waited for.
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Failures => Volatile.Read(ref _failures);

    /// <summary>The longest time between two acknowledged writes.</summary>
    public TimeSpan LongestGap => _longestGap;

    /// <summary>Ends the writing, and reads what is there: the acknowledged writes that are missing.</summary>
    public async Task<IReadOnlyList<string>> StopAndFindLostAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _writing;
        using var client = _connect();
        var found = (await client.CoreV1.ListNamespacedConfigMapAsync(_namespace, cancellationToken: cancellationToken)).Items.Select(item => item.Metadata.Name).ToHashSet();
        return [.. Enumerable.Range(0, _acknowledged).Select(NameOf).Where(name => !found.Contains(name))];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        var last = Stopwatch.GetTimestamp();
        var client = _connect();
        while (!_stop.IsCancellationRequested)
        {
            if (await TryCreateAsync(client, NameOf(_acknowledged)))
            {
                Interlocked.Increment(ref _acknowledged);
                _longestGap = TimeSpan.FromTicks(Math.Max(_longestGap.Ticks, Stopwatch.GetElapsedTime(last).Ticks));
                last = Stopwatch.GetTimestamp();
            }
            else
            {
                Interlocked.Increment(ref _failures);
                client.Dispose();
                client = _connect();
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }

        client.Dispose();
    }

    private async Task<bool> TryCreateAsync(Kubernetes client, string name)
    {
        using var limit = new CancellationTokenSource(RequestLimit);
        try
        {
            await client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name } }, _namespace, cancellationToken: limit.Token);
            return true;
        }
        catch (HttpOperationException error) when (error.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // The try before this one was not answered, but done.
            return true;
        }
        catch (Exception error) when (error is HttpOperationException or HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{number}");
}
