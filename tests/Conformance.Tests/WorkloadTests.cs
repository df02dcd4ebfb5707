namespace MiniKube.Conformance.Tests;

/// <summary>DaemonSets, StatefulSets with claims, Jobs and CronJobs on real Docker, driven by kubectl.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class WorkloadTests(EmbeddedCluster cluster)
{
    private const string RolloutLimit = "--timeout=120s";

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public async Task DaemonSet_IsRolledOut_AndUndone(string version)
    {
        var kubectl = cluster.Kubectl(version);
        await using var ns = await cluster.CreateNamespaceAsync("daemons");
        await kubectl.ApplyAsync(Daemon("one"), "-n", ns.Name);
        Assert.EndsWith("daemon set \"agent\" successfully rolled out\n", await kubectl.RunAsync("rollout", "status", "ds/agent", "-n", ns.Name, RolloutLimit), StringComparison.Ordinal);
        Assert.Equal("node1", await kubectl.ValueAsync(".items[*].spec.nodeName", "pods", "-n", ns.Name));

        await kubectl.ApplyAsync(Daemon("two"), "-n", ns.Name);
        Assert.EndsWith("daemon set \"agent\" successfully rolled out\n", await kubectl.RunAsync("rollout", "status", "ds/agent", "-n", ns.Name, RolloutLimit), StringComparison.Ordinal);
        Assert.Matches("REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n", await kubectl.RunAsync("rollout", "history", "ds/agent", "-n", ns.Name));

        Assert.Equal("daemonset.apps/agent rolled back\n", await kubectl.RunAsync("rollout", "undo", "ds/agent", "-n", ns.Name));
        await kubectl.RunAsync("rollout", "status", "ds/agent", "-n", ns.Name, RolloutLimit);
        await kubectl.WaitForValueAsync("one", ".items[*].spec.containers[0].env[0].value", "pods", "-n", ns.Name);
        Assert.Matches("REVISION +CHANGE-CAUSE\n2 +<none>\n3 +<none>\n", await kubectl.RunAsync("rollout", "history", "ds/agent", "-n", ns.Name));

        // kubectl compares bytes. Since 1.34 a template without a time says nothing of it, where older ones say null: those see a difference that there is not.
        var again = await kubectl.RunAsync("rollout", "undo", "ds/agent", "--to-revision=3", "-n", ns.Name);
        Assert.Contains(version == Versions.Newest ? "skipped rollback" : "rolled back", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatefulSet_KeepsItsData_WhenAPodIsDeleted_AndWhenItIsUpdated()
    {
        await using var ns = await cluster.CreateNamespaceAsync("stateful");
        await Kubectl.ApplyAsync(Database("one"), "-n", ns.Name);
        await Kubectl.RunAsync("rollout", "status", "sts/db", "-n", ns.Name, RolloutLimit);
        Assert.Equal("Bound Bound", await Kubectl.ValueAsync(".items[*].status.phase", "pvc", "-n", ns.Name));
        foreach (var pod in new[] { "db-0", "db-1" })
        {
            await Kubectl.RunAsync("exec", pod, "-n", ns.Name, "--", "sh", "-c", "hostname >/data/name");
        }

        await Kubectl.RunAsync("delete", "pod", "db-1", "-n", ns.Name);
        await Kubectl.RunAsync("rollout", "status", "sts/db", "-n", ns.Name, RolloutLimit);
        await Kubectl.WaitForAsync(output => output == "db-1\n", "exec", "db-1", "-n", ns.Name, "--", "cat", "/data/name");

        await Kubectl.ApplyAsync(Database("two"), "-n", ns.Name);
        await Kubectl.RunAsync("rollout", "status", "sts/db", "-n", ns.Name, RolloutLimit);
        await Kubectl.WaitForAsync(output => output == "two db-0\n", "exec", "db-0", "-n", ns.Name, "--", "sh", "-c", "echo $REVISION $(cat /data/name)");
        await Kubectl.RunAsync("rollout", "undo", "sts/db", "-n", ns.Name);
        await Kubectl.RunAsync("rollout", "status", "sts/db", "-n", ns.Name, RolloutLimit);
        await Kubectl.WaitForAsync(output => output == "one db-0\n", "exec", "db-0", "-n", ns.Name, "--", "sh", "-c", "echo $REVISION $(cat /data/name)");

        // What was scaled away leaves its claim; that claim's volume goes with it.
        await Kubectl.RunAsync("scale", "sts/db", "--replicas=1", "-n", ns.Name);
        await Kubectl.RunAsync("wait", "--for=delete", "pod/db-1", "-n", ns.Name, RolloutLimit);
        var volume = await Kubectl.ValueAsync(".spec.volumeName", "pvc", "data-db-1", "-n", ns.Name);
        await Kubectl.RunAsync("delete", "pvc", "data-db-1", "-n", ns.Name, RolloutLimit);
        await Kubectl.WaitForAsync(output => output.Length == 0, "get", "pv", volume, "--ignore-not-found", "-o", "name");
    }

    [Fact]
    public async Task Job_OfIndexes_Completes_AndEachPodKnewItsIndex()
    {
        await using var ns = await cluster.CreateNamespaceAsync("jobs");
        await Kubectl.ApplyAsync("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: sum}
            spec:
              completions: 3
              parallelism: 2
              completionMode: Indexed
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "busybox:1.36", command: [sh, -c, 'echo part $JOB_COMPLETION_INDEX on $(hostname)']}]
            """, "-n", ns.Name);

        Assert.Equal("job.batch/sum condition met\n", await Kubectl.RunAsync("wait", "--for=condition=complete", "job/sum", "-n", ns.Name, RolloutLimit));

        Assert.Equal("0-2 3", await Kubectl.ValueAsync(".status['completedIndexes','succeeded']", "job", "sum", "-n", ns.Name));
        var lines = (await Kubectl.RunAsync("logs", "-l", "job-name=sum", "-n", ns.Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["part 0 on sum-0", "part 1 on sum-1", "part 2 on sum-2"], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Job_ThatFails_SaysWhy()
    {
        await using var ns = await cluster.CreateNamespaceAsync("fails");
        await Kubectl.ApplyAsync("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: bad}
            spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "busybox:1.36", command: ["false"]}]
            """, "-n", ns.Name);

        await Kubectl.RunAsync("wait", "--for=condition=failed", "job/bad", "-n", ns.Name, RolloutLimit);

        Assert.Equal("BackoffLimitExceeded", await Kubectl.ValueAsync(".status.conditions[?(@.type==\"Failed\")].reason", "job", "bad", "-n", ns.Name));
        Assert.Equal("1", await Kubectl.ValueAsync(".status.failed", "job", "bad", "-n", ns.Name));
    }

    [Fact]
    public async Task CronJob_Fires_AndAJobIsMadeOfItByHand()
    {
        await using var ns = await cluster.CreateNamespaceAsync("cron");
        await Kubectl.RunAsync("create", "cronjob", "tick", "--image=busybox:1.36", "--schedule=@every 1s", "-n", ns.Name, "--", "echo", "tock");
        await Kubectl.WaitForAsync(output => output.Contains("tick-", StringComparison.Ordinal), "get", "jobs", "-n", ns.Name, "-o", "name");

        await Kubectl.RunAsync("create", "job", "by-hand", "--from=cronjob/tick", "-n", ns.Name);

        await Kubectl.RunAsync("wait", "--for=condition=complete", "job", "--all", "-n", ns.Name, RolloutLimit);
        Assert.Equal("tock\n", await Kubectl.RunAsync("logs", "job/by-hand", "-n", ns.Name));
        await Kubectl.WaitForAsync(output => output.Length > 0, "get", "cronjob", "tick", "-n", ns.Name, "-o", "jsonpath={.status.lastSuccessfulTime}");
    }

    private static string Daemon(string revision) => $$"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent}
        spec:
          selector:
            matchLabels: {app: agent}
          template:
            metadata:
              labels: {app: agent}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: busybox:1.36
                command: [sleep, "100000"]
                env: [{name: REVISION, value: "{{revision}}" }]
        """;

    private static string Database(string revision) => $$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          replicas: 2
          serviceName: db
          selector:
            matchLabels: {app: db}
          template:
            metadata:
              labels: {app: db}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: busybox:1.36
                command: [sleep, "100000"]
                env: [{name: REVISION, value: "{{revision}}" }]
                volumeMounts: [{name: data, mountPath: /data}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 10Mi} }
        """;
}
