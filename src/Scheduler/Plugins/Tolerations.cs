using k8s.Models;

namespace MiniKube.Scheduler.Plugins;

/// <summary>Which taints a pod bears.</summary>
internal static class Tolerations
{
    public static bool Tolerate(IEnumerable<V1Toleration>? tolerations, V1Taint taint)
    {
        foreach (var toleration in tolerations ?? [])
        {
            if (Tolerates(toleration, taint))
            {
                return true;
            }
        }

        return false;
    }

    // An empty effect bears all effects, an empty key (with Exists) all keys.
    private static bool Tolerates(V1Toleration toleration, V1Taint taint) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key)
        && (toleration.OperatorProperty == "Exists" || (toleration.Value ?? "") == (taint.Value ?? ""));
}
