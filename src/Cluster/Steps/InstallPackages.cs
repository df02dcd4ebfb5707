using System.Diagnostics;

using MiniKube.Cluster.Plans;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Steps;

/// <summary>Installs what the machine lacks of Debian's packages.</summary>
internal sealed class InstallPackages(ClusterSpec spec) : IStep
{
    private const string PolicyFile = "/usr/sbin/policy-rc.d";

    private static readonly string[] OfEveryCluster = ["iproute2", "runit", "util-linux"];
    private static readonly string[] OfDocker = ["docker.io", "iptables", "conntrack", "busybox-static", "gcc", "libc6-dev"];
    private static readonly string[] OfEtcd = ["etcd-server", "etcd-client", "curl"];
    private static readonly string[] OfLoadBalancer = ["nginx-light", "libnginx-mod-stream"];

    public string Title => "Debian packages";

    public static IReadOnlyList<string> Needed(ClusterSpec spec) =>
        [.. OfEveryCluster, .. spec.HollowNodes > 0 ? [] : OfDocker, .. spec.Store is StoreKind.Etcd ? OfEtcd : [], .. spec.Masters > 1 ? OfLoadBalancer : []];

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var missing = await MissingAsync(Needed(spec), cancellationToken);
        if (missing.Count == 0)
        {
            return null;
        }

        await WithoutStartingServicesAsync(async () =>
        {
            if (!await TryInstallAsync(missing, cancellationToken))
            {
                await CommandRunner.RunAsync("apt-get", ["update", "-q"], cancellationToken);
                await CommandRunner.RunAsync(Install(missing), cancellationToken);
            }
        });
        return $"installed {string.Join(", ", missing)}";
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        // It fails when it does not know one of them, and lists the others all the same.
        var (_, output, _) = await CommandRunner.TryAsync("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status}\n", .. packages], cancellationToken);
        var installed = output.Split('\n').Where(line => line.EndsWith(" installed", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ToHashSet();
        return [.. packages.Where(package => !installed.Contains(package))];
    }

    private static async Task<bool> TryInstallAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        try
        {
            await CommandRunner.RunAsync(Install(packages), cancellationToken);
            return true;
        }
        catch (CommandFailedException)
        {
            // Lists of packages may be old or absent: they are fetched, and the second try tells.
            return false;
        }
    }

    private static ProcessStartInfo Install(IReadOnlyList<string> packages)
    {
        var start = new ProcessStartInfo("apt-get", ["install", "-y", "-q", "--no-install-recommends", .. packages]);
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        return start;
    }

    /// <summary>Debian starts a service when it installs it. The machine's own Docker or etcd is not what was asked for: a policy file says no meanwhile.</summary>
    private static async Task WithoutStartingServicesAsync(Func<Task> install)
    {
        if (File.Exists(PolicyFile))
        {
            await install();
            return;
        }

        File.WriteAllText(PolicyFile, "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(PolicyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await install();
        }
        finally
        {
            File.Delete(PolicyFile);
        }
    }
}
