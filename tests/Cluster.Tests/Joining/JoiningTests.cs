using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.TestSupport;

namespace MiniKube.Cluster.Tests.Joining;

public sealed class JoiningTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubelet_WithNothingButAToken_JoinsAndItsCertificatesAreReplacedWhileItRuns()
    {
        await using var node = await JoiningNode.StartAsync();
        await node.JoinAsync();

        await ReadyAsync(node);
        var first = await ClientCertificateAsync(node, _ => true);
        Assert.Contains("kubelet-client-current.pem", await File.ReadAllTextAsync(node.Kubeconfig, Cancelled), StringComparison.Ordinal);
        using var serving = await Eventually.GetAsync(_ => ServingCertificateAsync(node), certificate => certificate is not null, Deadline, Cancelled);
        Assert.Contains("CN=system:node:node1", serving!.Subject, StringComparison.Ordinal);
        Assert.Contains(IPAddress.Parse("192.0.2.1"), serving.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses());

        // Both are replaced, and nothing was started again.
        await ClientCertificateAsync(node, target => target != first);
        using var next = await Eventually.GetAsync(
            _ => ServingCertificateAsync(node), certificate => certificate is not null && certificate.SerialNumber != serving.SerialNumber, Deadline, Cancelled);
        var before = await RenewedAsync(node, Cancelled);
        await Eventually.GetAsync(token => RenewedAsync(node, token), renewed => renewed > before, Deadline, Cancelled);
    }

    private static Task<V1Node?> ReadyAsync(JoiningNode node) => Eventually.GetAsync(
        async token =>
        {
            node.FailIfEnded();
            try
            {
                return await node.Client.GetAsync<V1Node>(new NamespacedName("", JoiningNode.Name), token);
            }
            catch (StatusException exception) when (exception.Code == 404)
            {
                return null;
            }
        },
        found => found?.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true,
        Deadline,
        Cancelled);

    // The node's heartbeat: it goes on with the new certificate.
    private static async Task<DateTime?> RenewedAsync(JoiningNode node, CancellationToken cancellationToken)
    {
        node.FailIfEnded();
        return (await node.Client.GetAsync<V1Lease>(new NamespacedName("kube-node-lease", JoiningNode.Name), cancellationToken)).Spec.RenewTime;
    }

    // Where the link points to.
    private static Task<string?> ClientCertificateAsync(JoiningNode node, Func<string, bool> wanted)
    {
        var link = new FileInfo(Path.Combine(node.Certificates, "kubelet-client-current.pem"));
        return Eventually.GetAsync(
            _ =>
            {
                node.FailIfEnded();
                link.Refresh();
                return Task.FromResult(link.LinkTarget);
            },
            target => target is not null && wanted(target),
            Deadline,
            Cancelled);
    }

    private static async Task<X509Certificate2?> ServingCertificateAsync(JoiningNode node)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, node.Port, Cancelled);
            await using var stream = new SslStream(client.GetStream());
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(node.Server.AuthorityFile));
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = JoiningNode.Name, CertificateChainPolicy = policy }, Cancelled);
            return stream.RemoteCertificate is { } certificate ? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()) : null;
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            // It does not listen yet, or has no certificate yet.
            return null;
        }
    }
}
