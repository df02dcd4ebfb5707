using System.CommandLine;

using MiniKube.Cluster.Commands;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Steps;

namespace MiniKube.Cluster.Tests.Plans;

public sealed class ClusterPlanTests
{
    private static readonly ClusterPki Pki = ClusterPki.Create(TimeProvider.System.GetUtcNow());

    [Fact]
    public void Plan_OfAPlainCluster_HasANodeWithDocker() => Assert.Equal(
        ["controlplane", "gateway", "containerd", "dockerd", "kubelet", "proxy"], Units(new ClusterSpec()));

    [Fact]
    public void Plan_WithEtcd_HasItAsAUnit_AndTellsTheApiServer()
    {
        var spec = new ClusterSpec { Store = StoreKind.Etcd };

        Assert.Equal("etcd", Units(spec)[0]);
        Assert.Contains("--etcd-servers=https://127.0.0.1:2379\n", File(spec, "/etc/kubernetes/apiserver.args").Content, StringComparison.Ordinal);
        Assert.Contains("ETCD_CLIENT_CERT_AUTH=true\n", File(spec, "/etc/etcd/etcd.conf").Content, StringComparison.Ordinal);
        Assert.Contains("etcd-server", InstallPackages.Needed(spec));
    }

    [Fact]
    public void Plan_WithHollowNodes_NeedsNoDocker()
    {
        var spec = new ClusterSpec { HollowNodes = 5 };

        Assert.Equal(["controlplane", "gateway", "kubelet"], Units(spec));
        Assert.False(Create(spec).HasPods);
        Assert.Contains("--hollow-nodes=5\n", File(spec, "/etc/kubernetes/kubelet.args").Content, StringComparison.Ordinal);
        Assert.DoesNotContain("docker.io", InstallPackages.Needed(spec));
    }

    [Fact]
    public void Plan_KeysAndKubeconfigs_AreSecret()
    {
        var files = Create(new ClusterSpec { Store = StoreKind.Etcd }).Files;

        Assert.All(files, file => Assert.Equal(file.Content.Contains("PRIVATE KEY", StringComparison.Ordinal) || file.Path.EndsWith(".conf", StringComparison.Ordinal) && file.Path.Contains("/kubernetes/", StringComparison.Ordinal), file.Secret));
        Assert.Equal(files.Count, files.Select(file => file.Path).Distinct().Count());
    }

    [Theory]
    [InlineData("apiserver", StoreKind.Embedded, 0)]
    [InlineData("apiserver", StoreKind.Etcd, 0)]
    [InlineData("scheduler", StoreKind.Embedded, 0)]
    [InlineData("controller-manager", StoreKind.Embedded, 0)]
    [InlineData("kubelet", StoreKind.Embedded, 0)]
    [InlineData("kubelet", StoreKind.Embedded, 3)]
    [InlineData("proxy", StoreKind.Embedded, 0)]
    public void Plan_ArgumentFile_IsUnderstoodByItsComponent(string component, StoreKind store, int hollowNodes)
    {
        var spec = new ClusterSpec { Store = store, HollowNodes = hollowNodes };
        var command = Components.Find(component);
        Assert.NotNull(command);

        var result = command().Parse(File(spec, $"/etc/kubernetes/{component}.args").Content.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        Assert.Empty(result.Errors.Select(error => error.Message));
    }

    [Fact]
    public void Layout_OfTheTalk_HasAHostForEveryRole()
    {
        var layout = ClusterLayout.Create(HighlyAvailable);

        Assert.Equal(
            ["etcd1 172.28.128.21", "etcd2 172.28.128.22", "etcd3 172.28.128.23", "master1 172.28.128.11", "master2 172.28.128.12", "lb 172.28.128.10", "node1 172.28.128.31", "node2 172.28.128.32"],
            layout.Hosts.Select(host => $"{host.Name} {host.Address}"));
        Assert.Equal("https://172.28.128.10:6443", layout.Server);
        Assert.Equal(["nginx", "check", "gateway"], Units(HighlyAvailable, "lb"));
        Assert.Equal(["apiserver", "scheduler", "controller-manager", "dns"], Units(HighlyAvailable, "master2"));
        Assert.Equal(["etcd"], Units(HighlyAvailable, "etcd3"));
        Assert.Equal(["gateway", "containerd", "dockerd", "kubelet", "proxy"], Units(HighlyAvailable, "node2"));
    }

    [Fact]
    public void Plan_OfEtcd_NamesEveryMember_InTheFormOfItsPackage()
    {
        var lines = File(HighlyAvailable, "etcd2", "/etc/etcd/etcd.conf").Content.Split('\n');

        Assert.Contains("ETCD_NAME=etcd2", lines);
        Assert.Contains("ETCD_INITIAL_CLUSTER=etcd1=https://172.28.128.21:2380,etcd2=https://172.28.128.22:2380,etcd3=https://172.28.128.23:2380", lines);
        Assert.Contains("ETCD_INITIAL_CLUSTER_STATE=new", lines);
        Assert.Contains("ETCD_LISTEN_CLIENT_URLS=https://172.28.128.22:2379,https://127.0.0.1:2379", lines);
        Assert.Contains("ETCD_ADVERTISE_CLIENT_URLS=https://172.28.128.22:2379", lines);
        Assert.Contains("ETCD_PEER_CLIENT_CERT_AUTH=true", lines);
    }

    [Fact]
    public void Plan_OfMasters_SharesKeysAndAuthorities_AndElectsOverEtcd()
    {
        var servers = File(HighlyAvailable, "master2", "/etc/kubernetes/apiserver.args").Content.Split('\n');

        Assert.Contains("--etcd-servers=https://172.28.128.21:2379,https://172.28.128.22:2379,https://172.28.128.23:2379", servers);
        Assert.Contains("--advertise-address=172.28.128.12", servers);
        Assert.All(
            (string[])["sa.key", "sa.pub", "ca.crt", "ca.key", "front-proxy-ca.crt", "etcd/ca.crt"],
            name => Assert.Equal(File(HighlyAvailable, "master1", $"/etc/kubernetes/pki/{name}").Content, File(HighlyAvailable, "master2", $"/etc/kubernetes/pki/{name}").Content));
        Assert.Contains("server: https://172.28.128.12:6443", File(HighlyAvailable, "master2", "/etc/kubernetes/scheduler.conf").Content, StringComparison.Ordinal);
        Assert.Contains("server: https://172.28.128.10:6443", File(HighlyAvailable, "node1", "/etc/kubernetes/kubelet.conf").Content, StringComparison.Ordinal);
    }

    [Fact]
    public void BarePlan_NamesAndCablesAHost_AndPutsNothingOnIt()
    {
        var layout = ClusterLayout.Create(HighlyAvailable with { Bare = true, Overlay = OverlayKind.Vxlan });

        var plans = layout.Hosts.ToDictionary(host => host.Name, host => ClusterPlan.CreateBare(layout, host));

        Assert.Equal(["lb", "node1", "node2"], plans.Values.Where(plan => plan.Units.Any(unit => unit.Name == "gateway")).Select(plan => plan.Name).Order());
        Assert.All(plans.Values, plan => Assert.True(plan.Units.Count <= 1));
        Assert.All(plans.Values, plan => Assert.Equal(["/etc/hostname", "/etc/hosts"], plan.Files.Select(file => file.Path)));
        Assert.Contains("172.28.128.21 etcd1\n", plans["node1"].Files[1].Content, StringComparison.Ordinal);
        Assert.Equal(["node1", "node2"], plans.Values.Where(plan => plan.HasPods).Select(plan => plan.Name).Order());
    }

    [Theory]
    [InlineData("scheduler")]
    [InlineData("controller-manager")]
    public void Plan_WithFastFailover_ShortensLeases(string component)
    {
        var file = $"/etc/kubernetes/{component}.args";

        Assert.Contains("--leader-elect-lease-duration=5s\n--leader-elect-renew-deadline=3s\n--leader-elect-retry-period=1s\n", File(HighlyAvailable with { FastFailover = true }, "master1", file).Content, StringComparison.Ordinal);
        Assert.DoesNotContain("leader-elect", File(HighlyAvailable, "master1", file).Content, StringComparison.Ordinal);
    }

    /// <summary>Many processes start on few processors: those with nothing to do yet leave them to the API servers.</summary>
    [Fact]
    public void Plan_OfAMaster_StartsItsApiServerFirst()
    {
        var master = Create(HighlyAvailable with { Overlay = OverlayKind.Vxlan }, "master1").Units.ToDictionary(unit => unit.Name, unit => unit.RenderRun());

        foreach (var name in (string[])["scheduler", "controller-manager", "dns", "overlay"])
        {
            Assert.Contains("https://172.28.128.11:6443/readyz; do", master[name], StringComparison.Ordinal);
            Assert.Contains("export DOTNET_TC_CallCountingDelayMs='BB8'\n", master[name], StringComparison.Ordinal);
        }

        Assert.DoesNotContain("readyz", master["apiserver"], StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_TC", master["apiserver"], StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_TC", Create(new ClusterSpec()).Units.Single(unit => unit.Name == "controlplane").RenderRun(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfSeveralNodes_LeadsToTheirPodsFromEveryMasterAndNode()
    {
        Assert.Equal(["10.244.1.0/24 via 172.28.128.32"], Create(HighlyAvailable, "node1").Routes);
        Assert.Equal(["10.244.0.0/24 via 172.28.128.31", "10.244.1.0/24 via 172.28.128.32"], Create(HighlyAvailable, "master1").Routes);
        Assert.Empty(Create(HighlyAvailable, "etcd1").Routes);
        Assert.Equal("10.244.1.1/24", Create(HighlyAvailable, "node2").PodBridgeAddress);
        Assert.Empty(Create(new ClusterSpec()).Routes);
    }

    [Theory]
    [InlineData(OverlayKind.Vxlan, "vxlan")]
    [InlineData(OverlayKind.HostGw, "host-gw")]
    public void Plan_WithAnOverlay_LeavesSubnetsToIt(OverlayKind kind, string backend)
    {
        var spec = HighlyAvailable with { Overlay = kind };

        Assert.Contains($"\"Type\":\"{backend}\"", OverlayPlan.Configuration(kind), StringComparison.Ordinal);
        Assert.Equal(["gateway", "overlay", "containerd", "dockerd", "kubelet", "proxy"], Units(spec, "node2"));
        Assert.Contains("overlay", Units(spec, "master1"));
        Assert.Empty(Create(spec, "node1").Routes);
        Assert.True(Create(spec, "node1").HasPods);
        Assert.Null(Create(spec, "node1").PodBridgeAddress);
        var docker = Create(spec, "node1").Units.Single(unit => unit.Name == "dockerd").RenderRun();
        Assert.Contains("until [ -f /run/flannel/subnet.env ]; do", docker, StringComparison.Ordinal);
        Assert.Contains("ip addr replace \"$FLANNEL_SUBNET\" dev cni0\n", docker, StringComparison.Ordinal);
        Assert.Contains("--etcd-endpoints=https://172.28.128.21:2379,", File(spec, "node1", "/etc/kubernetes/overlay.args").Content, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfTheLoadBalancer_IsWhatDeployHas()
    {
        var files = Create(HighlyAvailable, "lb").Files;

        Assert.Equal(
            "server 172.28.128.11:6443 max_fails=1 fail_timeout=2s;\nserver 172.28.128.12:6443 max_fails=1 fail_timeout=2s;\n",
            files.Single(file => file.Path == "/etc/nginx/mk/masters.conf").Content);
        Assert.Contains("least_conn;", files.Single(file => file.Path == "/etc/nginx/mk/nginx.conf").Content, StringComparison.Ordinal);
        Assert.DoesNotContain(files, file => file.Path.EndsWith(".key", StringComparison.Ordinal));
        Assert.Contains("libnginx-mod-stream", InstallPackages.Needed(HighlyAvailable));
    }

    [Fact]
    public void Plan_WhereTlsEnds_HasTheFrontProxysKey_AndMastersReadNoHeadersThatItCannotRemove()
    {
        var spec = HighlyAvailable with { LoadBalancing = LoadBalancing.Termination };

        Assert.Contains(Create(spec, "lb").Files, file => file.Path == "/etc/kubernetes/pki/front-proxy-client.key");
        Assert.DoesNotContain("extra-headers", File(spec, "master1", "/etc/kubernetes/apiserver.args").Content, StringComparison.Ordinal);
        Assert.Contains("extra-headers", File(HighlyAvailable, "master1", "/etc/kubernetes/apiserver.args").Content, StringComparison.Ordinal);
    }

    private static ClusterSpec HighlyAvailable { get; } = new() { Masters = 2, EtcdMembers = 3, Nodes = 2, Store = StoreKind.Etcd };

    private static IReadOnlyList<string> Units(ClusterSpec spec, string host = "node1") => [.. Create(spec, host).Units.Select(unit => unit.Name)];

    private static HostFile File(ClusterSpec spec, string path) => File(spec, "node1", path);

    private static HostFile File(ClusterSpec spec, string host, string path) => Create(spec, host).Files.Single(file => file.Path == path);

    private static HostPlan Create(ClusterSpec spec, string host = "node1")
    {
        var layout = ClusterLayout.Create(spec);
        return ClusterPlan.Create(layout, layout.Find(host), Pki);
    }
}
