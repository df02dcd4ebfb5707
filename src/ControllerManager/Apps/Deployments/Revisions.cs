using System.Globalization;

using k8s.Models;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>The annotations by which kubectl tells a rollout's history, and by which scaling remembers the sizes it started from.</summary>
internal static class Revisions
{
    public const string Revision = "deployment.kubernetes.io/revision";
    public const string History = "deployment.kubernetes.io/revision-history";
    public const string DesiredReplicas = "deployment.kubernetes.io/desired-replicas";
    public const string MaxReplicas = "deployment.kubernetes.io/max-replicas";

    private static readonly string[] NotCopied =
        [Revision, History, DesiredReplicas, MaxReplicas, "kubectl.kubernetes.io/last-applied-configuration", "deprecated.deployment.rollback.to"];

    public static long Of(V1ReplicaSet replicaSet) => Number(replicaSet.Metadata?.Annotations, Revision) ?? 0;

    public static int? Desired(V1ReplicaSet replicaSet) => (int?)Number(replicaSet.Metadata?.Annotations, DesiredReplicas);

    public static int? Max(V1ReplicaSet replicaSet) => (int?)Number(replicaSet.Metadata?.Annotations, MaxReplicas);

    public static long Newest(IEnumerable<V1ReplicaSet> replicaSets) => replicaSets.Select(Of).DefaultIfEmpty().Max();

    /// <summary>The annotations a ReplicaSet should have: the deployment's own, and the revision with those it had before.</summary>
    public static Dictionary<string, string> ForNew(V1Deployment deployment, V1ReplicaSet replicaSet, long revision)
    {
        var annotations = new Dictionary<string, string>(replicaSet.Metadata?.Annotations ?? new Dictionary<string, string>());
        foreach (var (key, value) in deployment.Metadata?.Annotations ?? new Dictionary<string, string>())
        {
            if (!NotCopied.Contains(key))
            {
                annotations[key] = value;
            }
        }

        var old = Number(annotations, Revision);
        if ((old ?? 0) < revision)
        {
            annotations[Revision] = revision.ToString(CultureInfo.InvariantCulture);
            if (old is not null)
            {
                annotations[History] = annotations.TryGetValue(History, out var history) && history.Length > 0 ? $"{history},{old}" : $"{old}";
            }
        }

        return annotations;
    }

    /// <summary>What scaling compares with: the deployment's size, and the most pods it may have.</summary>
    public static Dictionary<string, string> WithSizes(IDictionary<string, string>? annotations, V1Deployment deployment) =>
        new(annotations ?? new Dictionary<string, string>())
        {
            [DesiredReplicas] = deployment.Replicas().ToString(CultureInfo.InvariantCulture),
            [MaxReplicas] = (deployment.Replicas() + deployment.MaxSurge()).ToString(CultureInfo.InvariantCulture),
        };

    public static bool AreEqual(IDictionary<string, string>? x, IDictionary<string, string>? y) =>
        (x?.Count ?? 0) == (y?.Count ?? 0) && (x ?? new Dictionary<string, string>()).All(pair => y!.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static long? Number(IDictionary<string, string>? annotations, string key) =>
        annotations?.TryGetValue(key, out var text) == true && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
