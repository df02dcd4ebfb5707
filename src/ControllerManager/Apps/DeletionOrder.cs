using System.Globalization;

using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps;

/// <summary>
/// Which pods are the cheapest to lose, those first: upstream's order. Ages are compared by their order of magnitude, so that among pods of about one age the victims are spread.
/// </summary>
/// <param name="related">Pods that do the same work, for counting how many a node has: it is better to lose one where there are more.</param>
/// <param name="now">Ages are counted from it.</param>
internal sealed class DeletionOrder(IEnumerable<V1Pod> related, DateTime now) : IComparer<V1Pod>
{
    private const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    private readonly Dictionary<string, int> _podsOnNode = related
        .Where(pod => pod.IsActive() && !string.IsNullOrEmpty(pod.Spec?.NodeName))
        .GroupBy(pod => pod.Spec.NodeName)
        .ToDictionary(group => group.Key, group => group.Count());

    public int Compare(V1Pod? x, V1Pod? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return First(
            string.IsNullOrEmpty(y.Spec?.NodeName).CompareTo(string.IsNullOrEmpty(x.Spec?.NodeName)),
            Phase(x).CompareTo(Phase(y)),
            x.IsReady().CompareTo(y.IsReady()),
            Cost(x).CompareTo(Cost(y)),
            Neighbours(y).CompareTo(Neighbours(x)),
            x.IsReady() && y.IsReady() ? CompareAges(ReadySince(x), ReadySince(y), x, y) : 0,
            Restarts(y).CompareTo(Restarts(x)),
            CompareAges(x.Metadata?.CreationTimestamp, y.Metadata?.CreationTimestamp, x, y));
    }

    private static int First(params ReadOnlySpan<int> comparisons)
    {
        foreach (var comparison in comparisons)
        {
            if (comparison != 0)
            {
                return comparison;
            }
        }

        return 0;
    }

    private static int Phase(V1Pod pod) => pod.Status?.Phase switch { "Pending" or null or "" => 0, "Unknown" => 1, _ => 2 };

    private static int Cost(V1Pod pod) =>
        pod.Metadata?.Annotations?.TryGetValue(CostAnnotation, out var text) == true
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost)
            ? cost
            : 0;

    private int Neighbours(V1Pod pod) => _podsOnNode.GetValueOrDefault(pod.Spec?.NodeName ?? "");

    private static DateTime? ReadySince(V1Pod pod) => pod.Condition("Ready")?.LastTransitionTime;

    private static int Restarts(V1Pod pod) => pod.Status?.ContainerStatuses?.Sum(container => container.RestartCount) ?? 0;

    // The younger first; of one order of magnitude, by uid: as good as by chance, and the same every time.
    private int CompareAges(DateTime? x, DateTime? y, V1Pod podX, V1Pod podY)
    {
        if (x == y)
        {
            return 0;
        }

        var byAge = Magnitude(x).CompareTo(Magnitude(y));
        return byAge != 0 ? byAge : string.CompareOrdinal(podX.Metadata?.Uid, podY.Metadata?.Uid);
    }

    private int Magnitude(DateTime? since)
    {
        var seconds = (now - (since ?? now)).TotalSeconds;
        return seconds < 1 ? -1 : (int)Math.Log2(seconds);
    }
}
