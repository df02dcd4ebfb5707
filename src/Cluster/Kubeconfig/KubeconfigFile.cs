using System.Text;

using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Kubeconfig;

/// <summary>Renders a kubeconfig with one cluster, one user and one context, certificates inside, as kubeadm writes it.</summary>
public static class KubeconfigFile
{
    /// <summary>The text of a kubeconfig. The names of cluster and context are the same; the user's is <paramref name="user"/>.</summary>
    public static string Render(string context, string server, string user, string authority, PemPair credentials) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: {context}
          cluster:
            server: {server}
            certificate-authority-data: {Encode(authority)}
        users:
        - name: {user}
          user:
            client-certificate-data: {Encode(credentials.Certificate)}
            client-key-data: {Encode(credentials.Key)}
        contexts:
        - name: {context}
          context:
            cluster: {context}
            user: {user}
        current-context: {context}
        preferences: {"{}"}

        """;

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
