using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>kill -9 of every process of the host in turn: its supervisor starts it again, no container restarts, and nothing written is lost.</summary>
public abstract class ProcessKillTests(ClusterFixture cluster)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Theory]
    [InlineData("controlplane")]
    [InlineData("kubelet")]
    [InlineData("proxy")]
    [InlineData("dockerd")]
    public async Task Kill_OfAUnit_LosesNothingAndRestartsNoContainer(string unit)
    {
        await using var ns = await cluster.CreateNamespaceAsync("fault");
        await Kubectl.RunAsync("create", "-n", ns.Name, "-f", "manifests/hello/service.yaml", "-f", "manifests/hello/rc.yaml");
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        var containers = await ns.ContainersAsync();
        var killed = await cluster.ProcessIdAsync(unit);
        await Kubectl.RunAsync("create", "configmap", "written", "--from-literal=unit=" + unit, "-n", ns.Name);

        await cluster.OnNodeAsync("kill", "-9", killed);

        await Eventually.GetAsync(
            _ => cluster.ProcessIdAsync(unit), pid => pid.Length > 0 && pid != killed, Recovery, TestContext.Current.CancellationToken);
        await Kubectl.WaitForAsync(value => value == unit, "get", "configmap", "written", "-n", ns.Name, "-o", "jsonpath={.data.unit}");

        // The cluster works: a scaled controller has its pods running, and the service finds one.
        await Kubectl.WaitForAsync(output => output == "replicationcontroller/hello scaled\n", "scale", "rc/hello", "--replicas=4", "-n", ns.Name);
        await Kubectl.WaitForValueAsync("4", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        await Kubectl.WaitForValueAsync("True", ".status.conditions[?(@.type==\"Ready\")].status", "node", "node1");
        await cluster.WaitForServiceAsync(ns.Name, "hello");
        Assert.Subset(await ns.ContainersAsync(), containers);
    }
}
