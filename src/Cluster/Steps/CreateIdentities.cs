using MiniKube.Cluster.Kubeconfig;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>Makes the cluster's authorities and keys, and the kubeconfig that its user needs.</summary>
internal sealed class CreateIdentities(ClusterPaths paths, ClusterSpec spec, TimeProvider clock) : IStep
{
    public string Title => "Certificates and kubeconfig";

    public Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var pki = ClusterPki.LoadOrCreate(paths.Pki, clock.GetUtcNow());
        if (!File.Exists(paths.Kubeconfig))
        {
            var context = $"mk-{paths.Name}";
            var text = KubeconfigFile.Render(context, $"https://127.0.0.1:{spec.Port}", context, pki.Authority.Pem.Certificate, pki.Admin());
            using var stream = new FileStream(paths.Kubeconfig, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            using var writer = new StreamWriter(stream);
            writer.Write(text);
        }

        return Task.FromResult<string?>(null);
    }
}
