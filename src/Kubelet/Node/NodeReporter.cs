using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Node;

/// <summary>
/// Registers the node and keeps its status true: looked at every 10 s and whenever the runtime comes or goes, written when something changed and
/// every 5 minutes at least.
/// </summary>
internal sealed partial class NodeReporter(
    NodeAgentOptions options,
    NodeFacts facts,
    IContainerRuntime runtime,
    RuntimeHealth health,
    IObjectClient client,
    IEventRecorder events,
    TimeProvider clock,
    ILogger<NodeReporter> logger)
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(7);

    private readonly WakeUp _wake = new(clock);
    private readonly NamespacedName _key = new("", options.NodeName);
    private V1NodeStatus? _reported;
    private DateTimeOffset _reportedAt;

    /// <summary>What events about a node name: upstream gives its name for its uid.</summary>
    private V1Node About => new() { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = options.NodeName, Uid = options.NodeName } };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        health.Changed += _wake.Signal;
        events.Record(About, "Normal", "Starting", "Starting kubelet.");
        await RetryAsync(RegisterAsync, cancellationToken);
        while (true)
        {
            await RetryAsync(ReportAsync, cancellationToken);
            await _wake.WaitAsync(options.StatusUpdatePeriod, cancellationToken);
        }
    }

    private async Task RetryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        for (var delay = RetryDelay; ; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
        {
            try
            {
                await action(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is StatusException or HttpRequestException or TimeoutException)
            {
                Log.Failed(logger, options.NodeName, exception.Message);
                await Task.Delay(delay, clock, cancellationToken);
            }
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        try
        {
            var node = NodeObject.Create(options, facts);
            node.Status = await StatusAsync(null, cancellationToken);
            await client.CreateAsync(node, cancellationToken);
            Log.Registered(logger, options.NodeName);
        }
        catch (StatusException exception) when (exception.Status.Code == 409)
        {
            // It was here before: only the labels that are the kubelet's own are set again.
            var labels = new JsonObject();
            foreach (var (name, value) in NodeObject.Labels(options, facts))
            {
                labels[name] = value;
            }

            var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } };
            await client.PatchAsync<V1Node>(_key, Patch(patch), null, cancellationToken);
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        var current = _reported is null ? (await client.GetAsync<V1Node>(_key, cancellationToken)).Status : _reported;
        var status = await StatusAsync(current?.Conditions, cancellationToken);
        var isDue = _reported is null || clock.GetUtcNow() - _reportedAt >= ReportPeriod || Differs(_reported, status);
        if (!isDue)
        {
            return;
        }

        try
        {
            await client.PatchAsync<V1Node>(_key, Patch(ToPatch(status)), "status", cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            // Someone deleted the node; it is still here.
            _reported = null;
            await RegisterAsync(cancellationToken);
            return;
        }

        Tell(current?.Conditions, status.Conditions);
        _reported = status;
        _reportedAt = clock.GetUtcNow();
    }

    private async Task<V1NodeStatus> StatusAsync(IList<V1NodeCondition>? previous, CancellationToken cancellationToken)
    {
        var problem = health.Problem;
        var version = _reported?.NodeInfo?.ContainerRuntimeVersion ?? "";
        IReadOnlyList<ImageInfo> images = [];
        if (problem.Length == 0)
        {
            try
            {
                version = $"{runtime.Name}://{await runtime.GetVersionAsync(cancellationToken)}";
                images = await runtime.Images.ListAsync(cancellationToken);
            }
            catch (ContainerRuntimeException)
            {
                problem = "container runtime is down";
            }
        }

        return NodeObject.Status(options, facts, version, problem, images, previous, clock.GetKubernetesNow());
    }

    private void Tell(IList<V1NodeCondition>? before, IList<V1NodeCondition> after)
    {
        foreach (var condition in after.Where(condition => before?.FirstOrDefault(old => old.Type == condition.Type)?.Status != condition.Status))
        {
            var reason = condition switch
            {
                { Type: "Ready", Status: "True" } => "NodeReady",
                { Type: "Ready" } => "NodeNotReady",
                { Type: "MemoryPressure" } => "NodeHasSufficientMemory",
                { Type: "DiskPressure" } => "NodeHasNoDiskPressure",
                _ => "NodeHasSufficientPID",
            };
            events.Record(About, "Normal", reason, $"Node {options.NodeName} status is now: {reason}");
        }
    }

    private static bool Differs(V1NodeStatus before, V1NodeStatus after) => !JsonNode.DeepEquals(Comparable(before), Comparable(after));

    // A heartbeat alone is no change.
    private static JsonNode? Comparable(V1NodeStatus status) => JsonNode.Parse(KubernetesJson.Serialize(
        status with { Conditions = [.. status.Conditions.Select(condition => condition with { LastHeartbeatTime = null, LastTransitionTime = null })] }));

    private static JsonObject ToPatch(V1NodeStatus status)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(status))?.AsObject() ?? [];

        // Addresses merge by type; one that is no longer the node's must not stay.
        (json["addresses"] as JsonArray)?.Insert(0, new JsonObject { ["$patch"] = "replace" });
        return new JsonObject { ["status"] = json };
    }

    private static V1Patch Patch(JsonObject patch) => new(patch.ToJsonString(), V1Patch.PatchType.StrategicMergePatch);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Registered node {Name}")]
        public static partial void Registered(ILogger logger, string name);

        [LoggerMessage(LogLevel.Warning, "Failed to report node {Name}; it is tried again: {Problem}")]
        public static partial void Failed(ILogger logger, string name, string problem);
    }
}
