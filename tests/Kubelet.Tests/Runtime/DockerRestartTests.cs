using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Runtime;

/// <summary>What a dockerd that dies does to its node. An engine of its own, since other tests would notice.</summary>
[Trait("Needs", "Machine")]
public sealed class DockerRestartTests(DockerEngine engine) : IClassFixture<DockerEngine>
{
    [Fact]
    public async Task Dockerd_KilledAndStarted_NodeIsNotReadyThenWellAndPodsRanOn()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("containers: [{name: app, image: 'busybox:1', command: [sleep, '3600']}]", "survivor");
        node.Add(pod);
        await node.WaitAsync("survivor", found => found.Status?.Phase == "Running");
        await WaitForReadyAsync(node, "True");
        var before = await engine.DockerAsync("inspect -f '{{.Id}} {{.State.StartedAt}}' k8s_app_survivor_default_survivor-uid_0");

        await engine.StopAsync("KILL");
        await WaitForReadyAsync(node, "False");
        await engine.StartAsync();
        await WaitForReadyAsync(node, "True");

        Assert.Equal(before, await engine.DockerAsync("inspect -f '{{.Id}} {{.State.StartedAt}}' k8s_app_survivor_default_survivor-uid_0"));
        var after = TestPods.Pod("containers: [{name: app, image: 'busybox:1', command: [sleep, '3600']}]", "after");
        node.Add(after);
        await node.WaitAsync("after", found => found.Status?.Phase == "Running");
        await node.DeleteAsync(pod);
        await node.DeleteAsync(after);
    }

    [Fact]
    public async Task Dockerd_Paused_NodeIsNotReadyThenWell_WhatWaitedIsDone_AndPodsRanOn()
    {
        await using var node = DockerNode.Start(engine);
        var other = TestPods.Pod("containers: [{name: app, image: 'busybox:1', command: [sleep, '3600'], livenessProbe: {exec: {command: ['true']}, periodSeconds: 1, timeoutSeconds: 60}}]", "runs-on");
        node.Add(other);
        await node.WaitAsync("runs-on", found => found.Status?.Phase == "Running");
        await WaitForReadyAsync(node, "True");
        var before = await engine.DockerAsync("inspect -f '{{.Id}} {{.State.StartedAt}}' k8s_app_runs-on_default_runs-on-uid_0");

        await engine.SignalAsync("STOP");
        var pod = TestPods.Pod("containers: [{name: app, image: 'busybox:1', command: [sleep, '3600']}]", "patient");
        node.Add(pod);
        await WaitForReadyAsync(node, "False");
        await engine.SignalAsync("CONT");

        await WaitForReadyAsync(node, "True");
        await node.WaitAsync("patient", found => found.Status?.Phase == "Running");
        Assert.Equal(before, await engine.DockerAsync("inspect -f '{{.Id}} {{.State.StartedAt}}' k8s_app_runs-on_default_runs-on-uid_0"));
        Assert.Equal(0, node.Api.Find<V1Pod>(other.Key())?.Status?.ContainerStatuses?[0].RestartCount);
        await node.DeleteAsync(pod);
        await node.DeleteAsync(other);
    }

    private static Task<V1NodeCondition> WaitForReadyAsync(DockerNode node, string status) => Wait.ForAsync(() =>
        node.Api.Find<V1Node>(new NamespacedName("", TestPods.NodeName))?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready" && condition.Status == status));
}
