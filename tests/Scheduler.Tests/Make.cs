using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Tests;

/// <summary>Short ways to the objects that the tests are about.</summary>
internal static class Make
{
    public static readonly INamespaceLabels NoNamespaces = new NamespaceTable([]);

    public static INamespaceLabels Namespaces(params (string Name, string Key, string Value)[] labels) => new NamespaceTable(labels);

    public static V1Node Node(string name, string cpu = "4", string memory = "8Gi", string pods = "110") => new()
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = name } },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus { Allocatable = Quantities(("cpu", cpu), ("memory", memory), ("pods", pods)) },
    };

    public static V1Node Tainted(string name, string key, string value, string effect = "NoSchedule")
    {
        var node = Node(name);
        node.Spec.Taints = [new V1Taint { Key = key, Value = value, Effect = effect }];
        return node;
    }

    public static V1Pod Pod(string name, string? cpu = null, string? memory = null, string? node = null, int? priority = null) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = "uid-" + name },
        Spec = new V1PodSpec
        {
            NodeName = node,
            Priority = priority,
            SchedulerName = "default-scheduler",
            Containers = [Container(cpu, memory)],
        },
    };

    public static V1Container Container(string? cpu = null, string? memory = null, string? restartPolicy = null)
    {
        var requests = Quantities([.. new[] { ("cpu", cpu), ("memory", memory) }.Where(r => r.Item2 is not null).Select(r => (r.Item1, r.Item2!))]);
        return new V1Container
        {
            Name = "c",
            Image = "busybox:1",
            RestartPolicy = restartPolicy,
            Resources = new V1ResourceRequirements { Requests = requests },
        };
    }

    public static Dictionary<string, ResourceQuantity> Quantities(params (string Name, string Value)[] values) =>
        values.ToDictionary(value => value.Name, value => new ResourceQuantity(value.Value));

    public static Snapshot Snapshot(params NodeInfo[] nodes)
    {
        var snapshot = new Snapshot();
        snapshot.Reset(nodes);
        return snapshot;
    }

    public static NodeInfo WithPods(this V1Node node, params V1Pod[] pods) =>
        pods.Aggregate(new NodeInfo(node), (info, pod) => info.WithPod(new PodInfo(pod)));

    private sealed class NamespaceTable((string Name, string Key, string Value)[] labels) : INamespaceLabels
    {
        public IDictionary<string, string> Of(string @namespace) =>
            labels.Where(label => label.Name == @namespace).ToDictionary(label => label.Key, label => label.Value);
    }
}
