using System.Diagnostics;

using k8s.Models;

using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Runtime;

[Trait("Needs", "Machine")]
public sealed class DockerNodeTests(DockerEngine engine, ITestOutputHelper output) : IClassFixture<DockerEngine>
{
    private const string Sleeper = "containers: [{name: app, image: 'busybox:1', command: [sleep, '3600']}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pod_Created_RunsWithUpstreamsNamesAndAnAddress()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod(Sleeper, "names");
        var watch = Stopwatch.StartNew();
        node.Add(pod);
        var running = await node.WaitAsync("names", found => found.Status?.Phase == "Running");
        output.WriteLine($"create to Running: {watch.ElapsedMilliseconds} ms");

        Assert.StartsWith("10.99.7.", running.Status.PodIP, StringComparison.Ordinal);
        Assert.StartsWith("docker://", running.Status.ContainerStatuses[0].ContainerID, StringComparison.Ordinal);
        var names = (await engine.DockerAsync("ps --format '{{.Names}}'")).Split('\n');
        Assert.Contains("k8s_POD_names_default_names-uid_0", names);
        Assert.Contains("k8s_app_names_default_names-uid_0", names);
        await node.DeleteAsync(pod);
        Assert.DoesNotContain("names-uid", await engine.DockerAsync("ps -a --format '{{.Names}}'"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(engine.Directory, "kubelet", "pods", "names-uid")));
    }

    [Fact]
    public async Task Environment_CommandAndFiles_AreAsTheSpecSays()
    {
        await using var node = DockerNode.Start(engine);
        node.Api.Put(new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "config", NamespaceProperty = "default" },
            Data = new Dictionary<string, string> { ["key"] = "from map", ["other"] = "2" },
        });
        node.Api.Put(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "secret", NamespaceProperty = "default" },
            Data = new Dictionary<string, byte[]> { ["password"] = "hush"u8.ToArray() },
        });
        var pod = TestPods.Pod("""
            restartPolicy: Never
            hostname: host-of-pod
            containers:
            - name: app
              image: busybox:1
              command: [sh, -c]
              args:
              - |
                echo "greeting=$(GREETING) ip=$POD_IP name=$(NAME) cpu=$CPU all=$P_other"
                cat /etc/config/key /etc/secret/password /etc/podinfo/labels; echo
                stat -c %a /etc/secret/..data/password
                hostname; grep host-of-pod /etc/hosts >/dev/null && echo hosts; grep ndots:5 /etc/resolv.conf
                echo shared > /data/file; cat /again/file; echo last > /dev/termination-log; exit 3
              env:
              - {name: NAME, value: world}
              - {name: GREETING, value: 'hello $(NAME)'}
              - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
              - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
              envFrom: [{prefix: P_, configMapRef: {name: config}}]
              resources: {limits: {cpu: 250m, memory: 64Mi}}
              volumeMounts:
              - {name: config, mountPath: /etc/config}
              - {name: secret, mountPath: /etc/secret}
              - {name: podinfo, mountPath: /etc/podinfo}
              - {name: data, mountPath: /data}
              - {name: data, mountPath: /again, readOnly: true}
            volumes:
            - {name: config, configMap: {name: config}}
            - {name: secret, secret: {secretName: secret, defaultMode: 256}}
            - {name: podinfo, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.namespace}}]}}
            - {name: data, emptyDir: {medium: Memory}}
            """, "files");
        node.Add(pod);

        var ended = await node.WaitAsync("files", found => found.Status?.Phase == "Failed");

        var terminated = ended.Status.ContainerStatuses[0].State.Terminated;
        Assert.Equal((3, "Error", "last\n"), (terminated.ExitCode, terminated.Reason, terminated.Message));
        var log = await node.LogAsync(pod);
        Assert.Matches(
            """
            ^greeting=hello world ip=10\.99\.7\.\d+ name=world cpu=250 all=2
            from maphushdefault
            400
            host-of-pod
            hosts
            options ndots:5
            shared
            $
            """.ReplaceLineEndings("\n").Replace("\n$", "\n", StringComparison.Ordinal), log);
        await node.DeleteAsync(pod);
    }

    [Fact]
    public async Task Container_Killed_IsRestartedAndItsFormerLogKept()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("{terminationGracePeriodSeconds: 0, containers: [{name: app, image: 'busybox:1', command: [sh, -c, 'echo run; sleep 3600']}]}", "killed");
        node.Add(pod);
        await node.WaitAsync("killed", found => found.Status?.Phase == "Running");

        await engine.DockerAsync("kill k8s_app_killed_default_killed-uid_0");

        var restarted = await node.WaitAsync("killed", found => found.Status?.ContainerStatuses[0] is { RestartCount: 1, State.Running: not null });
        Assert.Equal(137, restarted.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        var runs = (await node.Agent.Runtime.GetPodAsync("killed-uid", Token)).Containers;
        Assert.Equal([1, 0], runs.Select(run => run.Attempt));
        await node.DeleteAsync(pod);
    }

    [Fact]
    public async Task Kubelet_Restarted_AdoptsAndRestartsNothing()
    {
        var pod = TestPods.Pod(Sleeper, "adopted");
        FakeApi api;
        await using (var first = DockerNode.Start(engine))
        {
            api = first.Api;
            first.Add(pod);
            await first.WaitAsync("adopted", found => found.Status?.Phase == "Running");
        }

        var before = await engine.DockerAsync("inspect -f '{{.Id}} {{.State.StartedAt}}' k8s_app_adopted_default_adopted-uid_0 k8s_POD_adopted_default_adopted-uid_0");
        await using var second = DockerNode.Start(engine, api, [api.Find<V1Pod>(new Api.Meta.NamespacedName("default", "adopted"))!]);
        var fresh = TestPods.Pod(Sleeper, "fresh");
        second.Add(fresh);
        await second.WaitAsync("fresh", found => found.Status?.Phase == "Running");

        Assert.Equal(before, await engine.DockerAsync("inspect -f '{{.Id}} {{.State.StartedAt}}' k8s_app_adopted_default_adopted-uid_0 k8s_POD_adopted_default_adopted-uid_0"));
        await second.DeleteAsync(pod);
        await second.DeleteAsync(fresh);
    }

    [Fact]
    public async Task ForeignContainers_AreNeverTouched()
    {
        await engine.DockerAsync("run -d --name foreign --network none busybox:1 sleep 3600");
        await engine.DockerAsync("run -d --name k8s_app_x_default_y_0 --network none busybox:1 sleep 3600");
        await using var node = DockerNode.Start(engine);
        var orphan = TestPods.Pod("{terminationGracePeriodSeconds: 0, " + Sleeper + "}", "orphan");
        node.Add(orphan);
        await node.WaitAsync("orphan", found => found.Status?.Phase == "Running");

        // A pod that is gone from its source is ended; who else runs is none of the kubelet's business.
        node.Agent.Queue.Add(new Kubelet.Pods.SyncEvent.PodRemoved(orphan));
        await Wait.UntilAsync(async () => !(await engine.DockerAsync("ps -a --format '{{.Names}}'")).Contains("orphan", StringComparison.Ordinal));

        var names = await engine.DockerAsync("ps --format '{{.Names}}'");
        Assert.Contains("foreign", names, StringComparison.Ordinal);
        Assert.Contains("k8s_app_x_default_y_0", names, StringComparison.Ordinal);
        await engine.DockerAsync("rm -f foreign k8s_app_x_default_y_0");
    }

    [Fact]
    public async Task Probes_DecideReadinessAndRestart()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("""
            terminationGracePeriodSeconds: 0
            containers:
            - name: app
              image: busybox:1
              command: [sleep, '3600']
              # Asked the first time it is not ready, whenever that is.
              readinessProbe: {exec: {command: [sh, -c, 'cat /tmp/ready || { touch /tmp/ready; exit 1; }']}, periodSeconds: 1, timeoutSeconds: 20}
            - name: sick
              image: busybox:1
              command: [sleep, '3600']
              livenessProbe: {exec: {command: ['false']}, periodSeconds: 1, failureThreshold: 1}
            """, "probed");
        node.Add(pod);

        await node.WaitAsync("probed", found => found.Status?.ContainerStatuses is [{ Ready: true }, ..]);
        await node.WaitAsync("probed", found => found.Status?.ContainerStatuses is [_, { RestartCount: > 0 }]);

        Assert.Contains("Normal Killing: Container sick failed liveness probe, will be restarted", node.Events.All);
        Assert.Contains(node.Events.All, line => line.StartsWith("Warning Unhealthy: Readiness probe failed: cat: can't open '/tmp/ready'", StringComparison.Ordinal));
        await node.DeleteAsync(pod);
    }

    [Fact]
    public async Task Readiness_OfAPodThatEnds_IsToldUntilItIsGone()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("""
            containers:
            - name: app
              image: busybox:1
              command: [sh, -c, 'trap "rm /tmp/ready; until [ -e /tmp/go ]; do sleep 0.1; done; exit" TERM; touch /tmp/ready; while :; do sleep 0.1; done']
              readinessProbe: {exec: {command: [cat, /tmp/ready]}, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 20}
              # Asked of one that ends, it would tell so.
              livenessProbe: {exec: {command: [cat, /tmp/ready]}, periodSeconds: 1, failureThreshold: 100, timeoutSeconds: 20}
            """, "ending");
        node.Add(pod);
        await node.WaitAsync("ending", found => found.Status?.ContainerStatuses is [{ Ready: true }]);

        var deletion = node.DeleteAsync(pod, grace: 100);

        var ending = await node.WaitAsync("ending", found => found.Status?.ContainerStatuses is [{ Ready: false }]);
        Assert.NotNull(ending.Status.ContainerStatuses[0].State.Running);
        Assert.Equal("False", ending.Status.Conditions.Single(condition => condition.Type == "Ready").Status);
        var status = await node.Agent.Runtime.GetPodAsync(pod.Metadata.Uid, TestContext.Current.CancellationToken);
        await node.Agent.Runtime.ExecAsync(status.Container("app")!.Id, ["touch", "/tmp/go"], TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await deletion;
        Assert.DoesNotContain(node.Events.All, line => line.Contains("Liveness", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Image_Missing_BacksOff()
    {
        await using var node = DockerNode.Start(engine);
        var never = TestPods.Pod("containers: [{name: app, image: 'nosuch:1', imagePullPolicy: Never}]", "never");
        var bad = TestPods.Pod("containers: [{name: app, image: 'Not A Name'}]", "bad");
        var missing = TestPods.Pod("containers: [{name: app, image: '127.0.0.1:9/nosuch:1'}]", "missing");
        node.Add(never);
        node.Add(bad);
        node.Add(missing);

        await node.WaitAsync("never", found => Waiting(found) == "ErrImageNeverPull");
        await node.WaitAsync("bad", found => Waiting(found) == "InvalidImageName");
        var backedOff = await node.WaitAsync("missing", found => Waiting(found) == "ImagePullBackOff");

        Assert.StartsWith("Back-off pulling image \"127.0.0.1:9/nosuch:1\": ErrImagePull: ", backedOff.Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
        Assert.Contains("Warning Failed: Error: ErrImagePull", node.Events.All);
        Assert.Contains("Normal BackOff: Back-off pulling image \"127.0.0.1:9/nosuch:1\"", node.Events.All);
        await node.DeleteAsync(never);
        await node.DeleteAsync(bad);
        await node.DeleteAsync(missing);
    }

    [Fact]
    public async Task Container_UsingTooMuchMemory_IsOomKilled()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("""
            restartPolicy: Never
            containers:
            - {name: app, image: 'busybox:1', command: [sh, -c, 'x=a; while true; do x=$x$x; done'], resources: {limits: {memory: 16Mi}}}
            """, "greedy");
        node.Add(pod);

        var ended = await node.WaitAsync("greedy", found => found.Status?.Phase == "Failed");

        Assert.Equal("OOMKilled", ended.Status.ContainerStatuses[0].State.Terminated.Reason);
        Assert.Equal(137, ended.Status.ContainerStatuses[0].State.Terminated.ExitCode);
        await node.DeleteAsync(pod);
    }

    [Fact]
    public async Task PreStop_RunsBeforeTheSignal_WithinTheGracePeriod()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("""
            terminationGracePeriodSeconds: 5
            containers:
            - name: app
              image: busybox:1
              command: [sh, -c, 'trap "echo term >> /host/log; exit 0" TERM; while true; do sleep 0.1; done']
              lifecycle:
                postStart: {exec: {command: [sh, -c, 'echo started >> /host/log']}}
                preStop: {exec: {command: [sh, -c, 'echo stopping >> /host/log']}}
              volumeMounts: [{name: host, mountPath: /host}]
            volumes: [{name: host, hostPath: {path: HOST, type: DirectoryOrCreate}}]
            """.Replace("HOST", Path.Combine(engine.Directory, "hostpath"), StringComparison.Ordinal), "hooks");
        node.Add(pod);
        await node.WaitAsync("hooks", found => found.Status?.Phase == "Running");

        await node.DeleteAsync(pod, 5);

        Assert.Equal("started\nstopping\nterm\n", await File.ReadAllTextAsync(Path.Combine(engine.Directory, "hostpath", "log"), Token));
    }

    [Fact]
    public async Task Logs_AreCutAsAsked()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("{restartPolicy: Never, containers: [{name: app, image: 'busybox:1', command: [sh, -c, 'for i in 1 2 3; do echo line $i; done']}]}", "logs");
        node.Add(pod);
        await node.WaitAsync("logs", found => found.Status?.Phase == "Succeeded");

        Assert.Equal("line 1\nline 2\nline 3\n", await node.LogAsync(pod));
        Assert.Equal("line 3\n", await node.LogAsync(pod, options: new LogOptions { TailLines = 1 }));
        Assert.Equal("line 1\nli", await node.LogAsync(pod, options: new LogOptions { LimitBytes = 9 }));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z line 3\n$", await node.LogAsync(pod, options: new LogOptions { TailLines = 1, Timestamps = true }));
        await node.DeleteAsync(pod);
    }

    [Fact]
    public async Task EmptyDir_HoldingMoreThanItsLimit_HasItsPodEvicted()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("""
            terminationGracePeriodSeconds: 0
            containers:
            - name: app
              image: busybox:1
              command: [sh, -c, 'mkdir /data/deep; dd if=/dev/zero of=/data/deep/file bs=1k count=2048; sleep 3600']
              volumeMounts: [{name: data, mountPath: /data}]
            volumes: [{name: data, emptyDir: {sizeLimit: 1Mi}}]
            """, "hoarder");
        node.Add(pod);

        var evicted = await node.WaitAsync("hoarder", found => found.Status?.Phase == "Failed");

        Assert.Equal(("Evicted", "Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". "), (evicted.Status.Reason, evicted.Status.Message));
        Assert.Contains(evicted.Status.Conditions, condition => condition is { Type: "DisruptionTarget", Status: "True", Reason: "TerminationByKubelet" });
        Assert.Contains("Warning Evicted: Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". ", node.Events.All);
        await node.DeleteAsync(pod);
    }

    [Fact]
    public async Task Usage_OfCpuMemoryAndFiles_IsTheContainers()
    {
        await using var node = DockerNode.Start(engine);
        var pod = TestPods.Pod("""
            terminationGracePeriodSeconds: 0
            containers:
            - name: busy
              image: busybox:1
              command: [sh, -c, 'head -c 20000000 /dev/zero > /memory/file; head -c 1000000 /dev/zero > /data/file; echo said; while true; do true; done']
              resources: {limits: {memory: 64Mi}}
              volumeMounts: [{name: memory, mountPath: /memory}, {name: data, mountPath: /data}]
            - {name: idle, image: 'busybox:1', command: [sleep, '3600']}
            volumes: [{name: memory, emptyDir: {medium: Memory}}, {name: data, emptyDir: {}}]
            """, "usage");
        node.Add(pod);
        await node.WaitAsync("usage", found => found.Status?.Phase == "Running");

        await Wait.UntilAsync(async () => await SummaryAsync(node) is { } busy && (long)busy["cpu"]!["usageCoreNanoSeconds"]! > 200_000_000 && (long)busy["memory"]!["workingSetBytes"]! > 20_000_000 && UsedBy(await PodAsync(node)) == 1_000_000);

        var summary = (await SummaryAsync(node))!;
        Assert.InRange((long)summary["memory"]!["availableBytes"]!, 1, (64L << 20) - 20_000_000);
        Assert.True((long)summary["cpu"]!["usageNanoCores"]! > 0);
        var json = await PodAsync(node);
        Assert.Equal(["busy", "idle"], json!["containers"]!.AsArray().Select(container => (string?)container!["name"]));
        Assert.True((long)json["cpu"]!["usageCoreNanoSeconds"]! >= (long)summary["cpu"]!["usageCoreNanoSeconds"]!);
        Assert.Equal("eth0", (string?)json["network"]!["name"]);
        await node.DeleteAsync(pod);

        static long UsedBy(System.Text.Json.Nodes.JsonNode? pod) =>
            (long)pod!["volume"]!.AsArray().Single(volume => (string?)volume!["name"] == "data")!["usedBytes"]!;

        static async Task<System.Text.Json.Nodes.JsonNode?> PodAsync(DockerNode node) => new Kubelet.Stats.StatsSummary(node.Agent.Stats, await node.Agent.Stats.PodsAsync(Token), false).Write()["pods"]!
            .AsArray().FirstOrDefault(found => (string?)found!["podRef"]!["name"] == "usage");

        static async Task<System.Text.Json.Nodes.JsonNode?> SummaryAsync(DockerNode node) =>
            (await PodAsync(node))?["containers"]!.AsArray().FirstOrDefault(found => (string?)found!["name"] == "busy");
    }

    private static string? Waiting(V1Pod pod) => pod.Status?.ContainerStatuses?[0].State?.Waiting?.Reason;
}
