using System.Text;

using k8s;
using k8s.KubeConfigModels;

namespace MiniKube.Kubelet.Certificates;

/// <summary>Writes the kubeconfig of a kubelet that has joined: the server of the one it joined with, and the certificate that it got. Names are upstream's.</summary>
internal static class BootstrapKubeconfig
{
    /// <param name="bootstrap">The kubeconfig whose current context names the server.</param>
    /// <param name="certificate">The file with the certificate and its key.</param>
    /// <exception cref="InvalidDataException">It names no server.</exception>
    public static string Render(string bootstrap, string certificate)
    {
        var file = KubernetesClientConfiguration.LoadKubeConfig(bootstrap);
        var context = file.Contexts?.FirstOrDefault(each => each.Name == file.CurrentContext)?.ContextDetails;
        var endpoint = file.Clusters?.FirstOrDefault(each => each.Name == context?.Cluster)?.ClusterEndpoint
            ?? throw new InvalidDataException($"{bootstrap}: the current context names no cluster");
        var cluster = new StringBuilder();
        foreach (var (name, value) in Lines(endpoint))
        {
            cluster.Append("    ").Append(name).Append(": ").Append(value).Append('\n');
        }

        return $$"""
            apiVersion: v1
            clusters:
            - cluster:
            {{cluster.ToString().TrimEnd('\n')}}
              name: default-cluster
            contexts:
            - context:
                cluster: default-cluster
                namespace: default
                user: default-auth
              name: default-context
            current-context: default-context
            kind: Config
            preferences: {}
            users:
            - name: default-auth
              user:
                client-certificate: {{certificate}}
                client-key: {{certificate}}

            """;
    }

    private static IEnumerable<(string Name, string Value)> Lines(ClusterEndpoint endpoint)
    {
        if (endpoint.CertificateAuthorityData is { Length: > 0 } data)
        {
            yield return ("certificate-authority-data", data);
        }
        else if (endpoint.CertificateAuthority is { Length: > 0 } authority)
        {
            yield return ("certificate-authority", authority);
        }

        if (endpoint.SkipTlsVerify)
        {
            yield return ("insecure-skip-tls-verify", "true");
        }

        if (endpoint.TlsServerName is { Length: > 0 } serverName)
        {
            yield return ("tls-server-name", serverName);
        }

        yield return ("server", endpoint.Server);
    }
}
