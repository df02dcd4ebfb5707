using System.CommandLine;

using MiniKube.Cluster.Commands;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Steps;

namespace MiniKube.Cluster.Tests.Plans;

public sealed class SingleHostPlanTests
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
        Assert.Null(SingleHostPlan.Create(spec, Pki).PodSubnet);
        Assert.Contains("--hollow-nodes=5\n", File(spec, "/etc/kubernetes/kubelet.args").Content, StringComparison.Ordinal);
        Assert.DoesNotContain("docker.io", InstallPackages.Needed(spec));
    }

    [Fact]
    public void Plan_KeysAndKubeconfigs_AreSecret()
    {
        var files = SingleHostPlan.Create(new ClusterSpec { Store = StoreKind.Etcd }, Pki).Files;

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

    private static IReadOnlyList<string> Units(ClusterSpec spec) => [.. SingleHostPlan.Create(spec, Pki).Units.Select(unit => unit.Name)];

    private static HostFile File(ClusterSpec spec, string path) => SingleHostPlan.Create(spec, Pki).Files.Single(file => file.Path == path);
}
