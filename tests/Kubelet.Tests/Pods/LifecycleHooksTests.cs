using k8s.Models;

using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Runtime.Hollow;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

public class LifecycleHooksTests
{
    // Upstream does not look at the answer: a hook that finds nobody fails, one that finds nothing does not.
    [Theory]
    [InlineData("200 OK")]
    [InlineData("404 Not Found")]
    public async Task HttpHook_OfAPodWithTheNodesNetwork_GoesToTheNodesAddress_WhateverItAnswers(string status)
    {
        var head = "";
        await using var server = new TextServer(request =>
        {
            head = request;
            return $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        });
        using var http = new HttpProber(new NodeNetwork(""), isHook: true);
        var hooks = new LifecycleHooks(new HollowRuntime("10.128.0", TimeProvider.System), http, "127.0.0.1", new RecordedEvents(), TimeProvider.System);
        var pod = TestPods.Pod("{hostNetwork: true, containers: [{name: app, image: busybox}]}");
        var hook = new V1LifecycleHandler { HttpGet = new V1HTTPGetAction { Path = "/started", Port = server.Port } };

        var failure = await hooks.PostStartAsync(pod, pod.Spec.Containers[0], hook, "id", RuntimePod.Empty("web-uid"), TestContext.Current.CancellationToken);

        Assert.Null(failure);
        Assert.StartsWith("GET /started ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: kube-lifecycle/1.34\r\n", head, StringComparison.Ordinal);
    }
}
