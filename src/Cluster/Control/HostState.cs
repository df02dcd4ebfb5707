using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Control;

/// <summary>A host as it is now.</summary>
/// <param name="Place">Its name, address and roles.</param>
/// <param name="Condition">up, paused, cut or down.</param>
/// <param name="Units">Its units; empty while it is down.</param>
/// <param name="Remarks">What it is for others at the moment: that it leads, that its API server is ready, or why not.</param>
internal sealed record HostState(ClusterHost Place, string Condition, IReadOnlyList<UnitStatus> Units, IReadOnlyList<(string Text, bool IsGood)> Remarks)
{
    public bool IsWell => Condition == "up" && Units.All(unit => unit.ProcessId > 0) && Remarks.All(remark => remark.IsGood);
}
