using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Plans;

/// <summary>What the host in front of the masters runs: nginx, and the loop that takes masters out which are not ready. Both are read in deploy/nginx.</summary>
internal static class LoadBalancerPlan
{
    private const string Folder = "/etc/nginx/mk";

    public static IEnumerable<Unit> Units() =>
    [
        new("nginx", $"nginx -e stderr -c {Folder}/nginx.conf")
        {
            // Workers outlive a master process that was killed, and keep its port.
            Before = ["workers=$(pidof nginx) && kill -9 $workers", "mkdir -p /var/lib/nginx"],
        },
        new("check", $"sh {Folder}/check-masters.sh"),
    ];

    public static IEnumerable<HostFile> Files(ClusterLayout layout, ClusterPki pki) =>
    [
        new($"{Folder}/nginx.conf", Resource.Read($"nginx/{layout.Spec.LoadBalancing.ToString().ToLowerInvariant()}.conf")),
        new($"{Folder}/masters.conf", string.Concat(layout.Masters.Select(master => $"server {master.Address}:{ClusterNetwork.ApiServerPort} max_fails=1 fail_timeout=2s;\n"))),
        new($"{Folder}/masters", string.Concat(layout.Masters.Select(master => $"{master.Address}:{ClusterNetwork.ApiServerPort}\n"))),
        new($"{Folder}/check-masters.sh", Resource.Read("nginx/check-masters.sh")),
        PkiFiles.Authority("ca", pki.Authority),
        .. layout.Spec.LoadBalancing is LoadBalancing.Termination
            ? (HostFile[])[.. PkiFiles.Pair("apiserver", MasterPlan.ServingCertificate(layout, layout.Entry, pki)), .. PkiFiles.Pair("front-proxy-client", pki.FrontProxyClient())]
            : [],
    ];
}
