using k8s.Models;

using MiniKube.Client;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests;

public class KubeletCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pod_BoundToTheNode_RunsAndIsDeletedForGood()
    {
        await using var kubelet = await RunningKubelet.StartAsync();

        var running = await kubelet.RunAsync("web");

        Assert.Equal("192.0.2.1", running.Status.HostIP);
        Assert.StartsWith("10.128.0.", running.Status.PodIP, StringComparison.Ordinal);
        Assert.Equal("True", running.Status.Conditions.Single(condition => condition.Type == "Ready").Status);

        // With a grace period only the kubelet can make an end of it.
        await kubelet.Client.DeleteAsync<V1Pod>(running.Key(), new V1DeleteOptions { GracePeriodSeconds = 30 }, Token);
        await kubelet.GoneAsync<V1Pod>("web");
    }

    [Fact]
    public async Task Node_IsReadyAndItsLeaseIsRenewed()
    {
        await using var kubelet = await RunningKubelet.StartAsync();

        await kubelet.EventuallyAsync<V1Node>(RunningKubelet.NodeName, IsReady, "");
        var first = await kubelet.EventuallyAsync<V1Lease>(RunningKubelet.NodeName, lease => lease.Spec.RenewTime is not null, "kube-node-lease");
        await kubelet.EventuallyAsync<V1Lease>(RunningKubelet.NodeName, lease => lease.Spec.RenewTime > first.Spec.RenewTime, "kube-node-lease");
    }

    [Fact]
    public async Task HollowNodes_Three_AreThreeReadyNodes()
    {
        await using var kubelet = await RunningKubelet.StartAsync(_ => ["--hollow-nodes", "3"]);

        for (var i = 0; i < 3; i++)
        {
            await kubelet.EventuallyAsync<V1Node>($"{RunningKubelet.NodeName}-{i}", IsReady, "");
        }

        Assert.Equal(3, (await kubelet.Client.ListAsync<V1Node>(new ListQuery(""), Token)).Items.Count);
    }

    [Fact]
    public async Task StaticPod_HasAMirrorThatShowsItsStatusAndComesBack()
    {
        const string Name = $"control-{RunningKubelet.NodeName}";
        await using var kubelet = await RunningKubelet.StartAsync(directory =>
        {
            File.WriteAllText(Path.Combine(directory, "pod.yaml"), "{apiVersion: v1, kind: Pod, metadata: {name: control}, spec: {containers: [{name: app, image: busybox}]}}");
            return ["--pod-manifest-path", Path.Combine(directory, "pod.yaml")];
        });

        var mirror = await kubelet.EventuallyAsync<V1Pod>(Name, pod => pod.Status?.Phase == "Running");

        Assert.Equal(mirror.Metadata.Annotations["kubernetes.io/config.hash"], mirror.Metadata.Annotations["kubernetes.io/config.mirror"]);
        Assert.Equal(RunningKubelet.NodeName, Assert.Single(mirror.Metadata.OwnerReferences).Name);
        await kubelet.Client.DeleteAsync<V1Pod>(mirror.Key(), new V1DeleteOptions { GracePeriodSeconds = 0 }, Token);
        await kubelet.EventuallyAsync<V1Pod>(Name, pod => pod.Metadata.Uid != mirror.Metadata.Uid && pod.Status?.Phase == "Running");
    }

    private static bool IsReady(V1Node node) => node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
}
