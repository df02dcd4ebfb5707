using System.Collections.Concurrent;
using System.Threading.Channels;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client.Metadata;

namespace MiniKube.ControllerManager.GarbageCollection;

/// <summary>
/// Watches the metadata of every resource that can be deleted. Finds out which there are every 30 s (upstream's number), and whenever a
/// CustomResourceDefinition changes: its objects are watched at once.
/// </summary>
internal sealed partial class GarbageMonitors(
    IMetadataClient client, MetadataReflector reflector, GarbageGraph graph, TimeProvider clock, ILogger<GarbageMonitors> logger)
{
    private static readonly TimeSpan DiscoveryPeriod = TimeSpan.FromSeconds(30);

    private const string Definitions = "customresourcedefinitions.apiextensions.k8s.io";

    // What comes and goes by itself, in masses.
    private static readonly string[] Ignored = ["events", "events.events.k8s.io"];

    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _definitionsChanged = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<(string Group, string Kind), ApiResource> _byKind = new();
    private readonly Dictionary<GroupVersionResource, Monitor> _monitors = [];

    /// <summary>Completes when every resource has been listed once.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    /// <summary>The resource of an owner's kind; null when the server has none such.</summary>
    public ApiResource? Find(GroupVersionKind kind) => _byKind.GetValueOrDefault((kind.Group, kind.Kind));

    public async Task RunAsync(Action<string> enqueue, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await DiscoverAsync(enqueue, cancellationToken);
                await WaitAsync(_synced.Task.IsCompleted || _monitors.Count > 0 ? DiscoveryPeriod : TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
        finally
        {
            await Task.WhenAll(_monitors.Values.Select(monitor => monitor.Running));
        }
    }

    private async Task WaitAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(period, clock, stop.Token), _definitionsChanged.Reader.WaitToReadAsync(stop.Token).AsTask());
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        _definitionsChanged.Reader.TryRead(out _);
    }

    private async Task DiscoverAsync(Action<string> enqueue, CancellationToken cancellationToken)
    {
        try
        {
            var resources = await client.DiscoverAsync(cancellationToken);
            foreach (var resource in resources)
            {
                _byKind[(resource.Resource.Group, resource.Kind)] = resource;
            }

            await SyncAsync(resources, enqueue, cancellationToken);
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            Log.DiscoveryFailed(logger, exception.Message);
        }
    }

    private async Task SyncAsync(IReadOnlyList<ApiResource> resources, Action<string> enqueue, CancellationToken cancellationToken)
    {
        var wanted = resources
            .Where(resource => resource.Supports("delete", "list", "watch") && !Ignored.Contains(resource.Resource.GroupResource))
            .Select(resource => resource.Resource)
            .ToHashSet();
        foreach (var resource in wanted.Where(resource => !_monitors.ContainsKey(resource)))
        {
            var sink = new GarbageSink(resource, graph, enqueue, resource.GroupResource == Definitions ? NoteChange : static () => { });
            var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _monitors[resource] = new Monitor(sink, stop, reflector.RunAsync(resource, sink, stop.Token));
        }

        foreach (var (resource, monitor) in _monitors.Where(entry => !wanted.Contains(entry.Key)).ToList())
        {
            _monitors.Remove(resource);
            await monitor.StopAsync();
        }

        if (!_synced.Task.IsCompleted)
        {
            // One resource that cannot be listed must not keep the others' garbage: owners are looked up at the server anyway.
            await Task.WhenAny(
                Task.WhenAll(_monitors.Values.Select(monitor => monitor.Sink.Synced)),
                Task.Delay(DiscoveryPeriod, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            _synced.TrySetResult();
        }
    }

    private void NoteChange() => _definitionsChanged.Writer.TryWrite(true);

    private sealed record Monitor(GarbageSink Sink, CancellationTokenSource Stop, Task Running)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Running;
            Stop.Dispose();
            Sink.Clear();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Failed to discover the resources, trying again: {Reason}")]
        public static partial void DiscoveryFailed(ILogger logger, string reason);
    }
}
