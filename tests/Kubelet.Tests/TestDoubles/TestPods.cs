using k8s;
using k8s.Models;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Pods to test with.</summary>
internal static class TestPods
{
    public const string NodeName = "node1";

    /// <summary>A pod from YAML of its spec; uid and name are the same.</summary>
    public static V1Pod Pod(string spec, string name = "web") => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = name + "-uid", Generation = 1, ResourceVersion = "1" },
        Spec = KubernetesYaml.Deserialize<V1PodSpec>(spec) with { NodeName = NodeName },
    };

    public static V1Pod Deleted(this V1Pod pod, long grace = 30) => pod with
    {
        Metadata = pod.Metadata with { DeletionTimestamp = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), DeletionGracePeriodSeconds = grace },
    };
}
