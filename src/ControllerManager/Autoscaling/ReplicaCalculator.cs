using k8s.Models;

using MiniKube.Api.Quantities;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>
/// How many replicas bring the use of a resource to what is wanted. Pods that are just starting, or of which nothing is known, are counted so that they hold a change back. Pure.
/// </summary>
/// <param name="Pods">The pods of the target.</param>
/// <param name="Usage">By name, what is known of them.</param>
/// <param name="Now">For who is just starting.</param>
internal sealed record ReplicaCalculator(IReadOnlyList<V1Pod> Pods, IReadOnlyDictionary<string, PodUsage> Usage, DateTime Now)
{
    // Upstream's numbers.
    private const double Tolerance = 0.1;
    private static readonly TimeSpan CpuInitialization = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan InitialReadinessDelay = TimeSpan.FromSeconds(30);

    /// <param name="resource">cpu or memory.</param>
    /// <param name="container">One container of each pod; null for all.</param>
    /// <param name="target">Percent of what is requested.</param>
    /// <param name="current">The replicas there are.</param>
    public (int Replicas, int Utilization, long AverageMilli) ByUtilization(string resource, string? container, int target, int current)
    {
        var groups = Group(resource);
        var requests = Pods.ToDictionary(Name, pod => Request(pod, resource, container));
        var measured = groups.Measured;
        var total = measured.Keys.Sum(name => requests[name]);
        if (total == 0)
        {
            throw new InvalidOperationException("no metrics returned matched known pods");
        }

        var utilization = (int)(measured.Values.Sum() * 100 / total);
        var replicas = Replicas(
            groups,
            current,
            (double)utilization / target,
            name => requests[name] * Math.Max(100, target) / 100,
            known => (double)(int)(known.Values.Sum() * 100 / known.Keys.Sum(name => requests[name])) / target);
        return (replicas, utilization, measured.Values.Sum() / measured.Count);
    }

    /// <param name="resource">cpu or memory.</param>
    /// <param name="targetMilli">What each pod is to use, in thousandths.</param>
    /// <param name="current">The replicas there are.</param>
    public (int Replicas, long AverageMilli) ByAverage(string resource, long targetMilli, int current)
    {
        var groups = Group(resource);
        var average = groups.Measured.Values.Sum() / groups.Measured.Count;
        var replicas = Replicas(
            groups, current, (double)average / targetMilli, _ => targetMilli, known => (double)(known.Values.Sum() / known.Count) / targetMilli);
        return (replicas, average);
    }

    private static int Replicas(
        Groups groups, int current, double ratio, Func<string, long> assumed, Func<IReadOnlyDictionary<string, long>, double> ratioOf)
    {
        var countsUnready = groups.Unready.Count > 0 && ratio > 1;
        if (!countsUnready && groups.Missing.Count == 0)
        {
            return IsNear(ratio) ? current : (int)Math.Ceiling(ratio * groups.Measured.Count);
        }

        // Whoever is unknown is taken for idle when that speaks against more, and for busy when it speaks against fewer.
        var known = new Dictionary<string, long>(groups.Measured);
        foreach (var name in ratio < 1 || ratio > 1 ? groups.Missing : [])
        {
            known[name] = ratio < 1 ? assumed(name) : 0;
        }

        foreach (var name in countsUnready ? groups.Unready : [])
        {
            known[name] = 0;
        }

        var better = ratioOf(known);
        if (IsNear(better) || (ratio < 1 && better > 1) || (ratio > 1 && better < 1))
        {
            return current;
        }

        var replicas = (int)Math.Ceiling(better * known.Count);
        return (better < 1 && replicas > current) || (better > 1 && replicas < current) ? current : replicas;
    }

    private static bool IsNear(double ratio) => Math.Abs(1 - ratio) <= Tolerance;

    private Groups Group(string resource)
    {
        var measured = new Dictionary<string, long>();
        var (missing, unready) = (new List<string>(), new List<string>());
        foreach (var pod in Pods.Where(pod => pod.Metadata?.DeletionTimestamp is null && pod.Status?.Phase != "Failed"))
        {
            if (pod.Status?.Phase == "Pending")
            {
                unready.Add(Name(pod));
            }
            else if (!Usage.TryGetValue(Name(pod), out var usage))
            {
                missing.Add(Name(pod));
            }
            else if (resource == "cpu" && IsStarting(pod, usage))
            {
                unready.Add(Name(pod));
            }
            else
            {
                measured[Name(pod)] = usage.Milli;
            }
        }

        return measured.Count > 0
            ? new Groups(measured, missing, unready)
            : throw new InvalidOperationException("did not receive metrics for targeted pods (pods might be unready)");
    }

    // What starts uses much, and would call for more of its kind.
    private bool IsStarting(V1Pod pod, PodUsage usage)
    {
        if (pod.Condition("Ready") is not { LastTransitionTime: { } changed } ready || pod.Status?.StartTime is not { } started)
        {
            return true;
        }

        return started + CpuInitialization > Now
            ? ready.Status == "False" || usage.Timestamp < changed + usage.Window
            : ready.Status == "False" && started + InitialReadinessDelay > changed;
    }

    private static long Request(V1Pod pod, string resource, string? container) => (pod.Spec?.Containers ?? [])
        .Concat((pod.Spec?.InitContainers ?? []).Where(candidate => candidate.RestartPolicy == "Always"))
        .Where(candidate => container is null || candidate.Name == container)
        .Sum(candidate => candidate.Resources?.Requests?.TryGetValue(resource, out var amount) == true
            ? Quantity.From(amount).MilliValue
            : throw new InvalidOperationException($"missing request for {resource} in container {candidate.Name} of Pod {pod.Metadata?.Name}"));

    private static string Name(V1Pod pod) => pod.Metadata?.Name ?? "";

    private sealed record Groups(IReadOnlyDictionary<string, long> Measured, IReadOnlyList<string> Missing, IReadOnlyList<string> Unready);
}
