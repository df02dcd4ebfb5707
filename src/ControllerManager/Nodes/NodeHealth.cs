using System.Collections.Concurrent;

using k8s.Models;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>
/// When each node was last heard of, on this machine's monotonic clock: when its Ready condition's heartbeat or its Lease's renewal was seen to change. Clocks of nodes may differ.
/// </summary>
internal sealed class NodeHealth(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Heard> _heard = new();

    /// <returns>How long the node has been silent.</returns>
    public TimeSpan Silence(V1Node node, V1Lease? lease)
    {
        var sign = new Sign(ReadyOf(node)?.LastHeartbeatTime, ReadyOf(node)?.Status, lease?.Spec?.RenewTime);
        var heard = _heard.AddOrUpdate(
            node.Metadata?.Uid ?? "",
            _ => new Heard(sign, clock.GetTimestamp()),
            (_, before) => before.Sign == sign || IsOwnWrite(before.Sign, sign) ? before with { Sign = sign } : new Heard(sign, clock.GetTimestamp()));
        return clock.GetElapsedTime(heard.At);
    }

    public void Forget(IEnumerable<V1Node> alive)
    {
        var uids = alive.Select(node => node.Metadata?.Uid ?? "").ToHashSet();
        foreach (var uid in _heard.Keys.Where(uid => !uids.Contains(uid)))
        {
            _heard.TryRemove(uid, out _);
        }
    }

    public static V1NodeCondition? ReadyOf(V1Node node) => node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready");

    // Marking a silent node Unknown is our own doing, and no sign of its life.
    private static bool IsOwnWrite(Sign before, Sign now) => now.Status == "Unknown" && now.Heartbeat == before.Heartbeat && now.Renewed == before.Renewed;

    private sealed record Sign(DateTime? Heartbeat, string? Status, DateTime? Renewed);

    private sealed record Heard(Sign Sign, long At);
}
