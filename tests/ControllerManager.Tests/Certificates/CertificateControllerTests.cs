using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.TestSupport;

namespace MiniKube.ControllerManager.Tests.Certificates;

public sealed class CertificateControllerTests : IAsyncLifetime
{
    private const string NodeSubject = "O=system:nodes, CN=system:node:node1";

    private const string Joiners = "system:bootstrappers:kubeadm:default-node-token";

    private TestCluster _cluster = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var server = await TestApiServer.StartAsync();
        var key = Path.Combine(Path.GetDirectoryName(server.AuthorityFile)!, "signing.key");
        await File.WriteAllTextAsync(key, server.AuthorityKey, Cancelled);
        _cluster = await TestCluster.StartAsync(
            server, "--leader-elect=false", "--cluster-signing-cert-file", server.AuthorityFile, "--cluster-signing-key-file", key,
            "--cluster-signing-duration", "48h", "--approve-kubelet-serving-certificates");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task NodeClient_AskedByABootstrapper_IsApprovedSignedAndWorksAsTheNode()
    {
        await _cluster.Server.AllowJoiningAsync();
        using var request = new TestRequest(NodeSubject);

        await CreateAsync("system:bootstrap:abcdef", [Joiners], request.ToObject("join", TestRequest.KubeletClient, "digital signature", "client auth"));

        var issued = await IssuedAsync("join");
        var approval = Assert.Single(issued.Status.Conditions);
        Assert.Equal(("Approved", "AutoApproved", "True"), (approval.Type, approval.Reason, approval.Status));
        Assert.Equal("Auto approving kubelet client certificate after SubjectAccessReview.", approval.Message);
        using var client = _cluster.Server.ClientWith(Encoding.ASCII.GetString(issued.Status.Certificate), request.KeyPem);
        Assert.Contains("system:node:node1", await WhoAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeClient_AskedByTheNodeItself_IsApproved()
    {
        await _cluster.Server.AllowJoiningAsync();
        using var request = new TestRequest(NodeSubject, rsa: true);

        await CreateAsync(
            "system:node:node1", ["system:nodes"], request.ToObject("rotate", TestRequest.KubeletClient, "digital signature", "key encipherment", "client auth"));

        var issued = await IssuedAsync("rotate");
        Assert.Equal("Auto approving self kubelet client certificate after SubjectAccessReview.", Assert.Single(issued.Status.Conditions).Message);
    }

    [Fact]
    public async Task NodeClient_AskedBySomebodyWithoutTheRight_StaysPending()
    {
        await BindAsync("creators", "system:node-bootstrapper", "system:bootstrappers");
        await _cluster.Server.AllowJoiningAsync();
        using var denied = new TestRequest(NodeSubject);
        using var allowed = new TestRequest("O=system:nodes, CN=system:node:node2");

        await CreateAsync("system:bootstrap:abcdef", ["system:bootstrappers"], denied.ToObject("a-denied", TestRequest.KubeletClient, "digital signature", "client auth"));
        await CreateAsync("system:node:node2", ["system:nodes"], allowed.ToObject("b-allowed", TestRequest.KubeletClient, "digital signature", "client auth"));

        // The second is answered after the first was looked at.
        await IssuedAsync("b-allowed");
        var pending = await _cluster.Client.GetAsync<V1CertificateSigningRequest>(new("", "a-denied"), Cancelled);
        Assert.Empty(pending.Status?.Conditions ?? []);
    }

    [Theory]
    [InlineData("O=system:nodes, CN=somebody", TestRequest.KubeletClient, "digital signature,client auth", "subject common name does not begin with system:node: ")]
    [InlineData("O=others, CN=system:node:node1", TestRequest.KubeletClient, "digital signature,client auth", "subject organization is not system:nodes")]
    [InlineData(NodeSubject, TestRequest.KubeletClient, "server auth", "usages did not match [client auth digital signature key encipherment]")]
    [InlineData(NodeSubject, TestRequest.KubeletServing, "digital signature,server auth", "DNS or IP subjectAltName is required")]
    [InlineData("CN=user", "kubernetes.io/kube-apiserver-client", "client auth,server auth", "invalid usage for client certificate: server auth")]
    [InlineData("CN=user", "kubernetes.io/kube-apiserver-client", "digital signature", "missing required usage for client certificate: client auth")]
    public async Task Sign_ApprovedButNotWhatTheSignerAccepts_Fails(string subject, string signer, string usages, string message)
    {
        using var request = new TestRequest(subject);
        await ApproveAsync(await _cluster.Client.CreateAsync(request.ToObject("wrong", signer, usages.Split(',')), Cancelled));

        var failed = await _cluster.EventuallyAsync<V1CertificateSigningRequest>("wrong", csr => csr?.Status.Conditions.Count == 2, "");

        var condition = failed!.Status.Conditions[1];
        Assert.Equal(("Failed", "SignerValidationFailure", message), (condition.Type, condition.Reason, condition.Message));
        Assert.Null(failed.Status.Certificate);
    }

    [Fact]
    public async Task Sign_AskedForLessTime_GivesLess_AndNeverMoreThanTheDuration()
    {
        using var request = new TestRequest("O=dev, CN=jane");
        var brief = request.ToObject("brief", "kubernetes.io/kube-apiserver-client", "client auth", "digital signature");
        brief.Spec.ExpirationSeconds = 3600;
        var eternal = request.ToObject("eternal", "kubernetes.io/kube-apiserver-client", "client auth");
        eternal.Spec.ExpirationSeconds = int.MaxValue;

        await ApproveAsync(await _cluster.Client.CreateAsync(brief, Cancelled));
        await ApproveAsync(await _cluster.Client.CreateAsync(eternal, Cancelled));

        using var shorter = CertificateOf(await IssuedAsync("brief"));
        Assert.Equal(TimeSpan.FromMinutes(65), shorter.NotAfter - shorter.NotBefore);
        Assert.Equal("O=dev, CN=jane", shorter.Subject);
        using var longest = CertificateOf(await IssuedAsync("eternal"));

        // The test's authority lives two days, less what has passed: the certificate ends with it or with the duration.
        Assert.True(longest.NotAfter - longest.NotBefore <= TimeSpan.FromHours(48), $"{longest.NotBefore:O} to {longest.NotAfter:O}");
        using var client = _cluster.Server.ClientWith(longest.ExportCertificatePem(), request.KeyPem);
        Assert.Contains("jane", await WhoAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serving_AskedByANodeForItsOwnAddresses_IsApproved_ForOthersNot()
    {
        await _cluster.Server.AllowJoiningAsync();
        await _cluster.CreateAsync(new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = "node1" } });
        using var own = new TestRequest(NodeSubject).WithNames("node1", "172.28.128.31");
        using var stolen = new TestRequest(NodeSubject).WithNames("node1", "172.28.128.99");
        await CreateAsync("system:node:node1", ["system:nodes"], stolen.ToObject("a-stolen", TestRequest.KubeletServing, "digital signature", "server auth"));
        await CreateAsync("system:node:node1", ["system:nodes"], own.ToObject("b-own", TestRequest.KubeletServing, "digital signature", "server auth"));

        // Only now the node says where it is.
        await _cluster.PatchAsync<V1Node>(
            "node1", """{"status":{"addresses":[{"type":"InternalIP","address":"172.28.128.31"},{"type":"Hostname","address":"node1"}]}}""", "status", "");

        using var certificate = CertificateOf(await IssuedAsync("b-own"));
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal("node1", Assert.Single(names.EnumerateDnsNames()));
        Assert.Equal(IPAddress.Parse("172.28.128.31"), Assert.Single(names.EnumerateIPAddresses()));
        var other = await _cluster.Client.GetAsync<V1CertificateSigningRequest>(new("", "a-stolen"), Cancelled);
        Assert.Empty(other.Status?.Conditions ?? []);
    }

    [Fact]
    public async Task Rights_ToApproveAndSign_AreAskedForBySigner()
    {
        using var request = new TestRequest("CN=jane");
        await _cluster.CreateAsync(request.ToObject("mine", "kubernetes.io/kube-apiserver-client", "client auth"));
        await _cluster.CreateAsync(new V1ClusterRole
        {
            ApiVersion = "rbac.authorization.k8s.io/v1",
            Kind = "ClusterRole",
            Metadata = new V1ObjectMeta { Name = "approver" },
            Rules = [new V1PolicyRule { ApiGroups = ["certificates.k8s.io"], Resources = ["certificatesigningrequests/approval"], Verbs = ["update"] }],
        });
        await BindAsync("approvers", "approver", "approvers");
        using var connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = await _cluster.Server.KubeconfigOfAsync("bob", "approvers"), Component = "test" });
        var bob = new ObjectClient(connection, null, TimeProvider.System);
        var csr = await _cluster.Client.GetAsync<V1CertificateSigningRequest>(new("", "mine"), Cancelled);

        var refused = await Assert.ThrowsAsync<StatusException>(() => bob.UpdateSubresourceAsync(Approved(csr), "approval", Cancelled));
        Assert.Equal(
            "certificatesigningrequests.certificates.k8s.io \"mine\" is forbidden: user not permitted to approve requests with signerName \"kubernetes.io/kube-apiserver-client\"",
            refused.Message);

        await BindAsync("signers", "system:certificates.k8s.io:kube-apiserver-client-approver", "approvers");
        await bob.UpdateSubresourceAsync(Approved(csr), "approval", Cancelled);
        await IssuedAsync("mine");
    }

    [Fact]
    public async Task Create_ClientCertificateOfSuperusers_IsForbidden()
    {
        using var request = new TestRequest("O=system:masters, CN=jane");

        var refused = await Assert.ThrowsAsync<StatusException>(
            () => _cluster.CreateAsync(request.ToObject("root", "kubernetes.io/kube-apiserver-client", "client auth")));

        Assert.Contains("use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ByANodeForAnother_IsForbidden()
    {
        using var request = new TestRequest("O=system:nodes, CN=system:node:node2");

        var refused = await Assert.ThrowsAsync<StatusException>(
            () => CreateAsync("system:node:node1", ["system:nodes"], request.ToObject("other", TestRequest.KubeletClient, "digital signature", "client auth")));

        Assert.Contains("can only create a node CSR with CN=system:node:node1", refused.Message, StringComparison.Ordinal);
    }

    private static X509Certificate2 CertificateOf(V1CertificateSigningRequest csr) => X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(csr.Status.Certificate));

    private static async Task<string> WhoAsync(HttpClient client)
    {
        using var body = new StringContent("""{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/apis/authentication.k8s.io/v1/selfsubjectreviews", UriKind.Relative), body, Cancelled);
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private static V1CertificateSigningRequest Approved(V1CertificateSigningRequest csr) => csr with
    {
        Status = new V1CertificateSigningRequestStatus
        {
            Conditions = [new V1CertificateSigningRequestCondition { Type = "Approved", Status = "True", Reason = "Test", Message = "" }],
        },
    };

    private Task<V1CertificateSigningRequest> ApproveAsync(V1CertificateSigningRequest csr) => _cluster.Client.UpdateSubresourceAsync(Approved(csr), "approval", Cancelled);

    private async Task<V1CertificateSigningRequest> IssuedAsync(string name) =>
        (await _cluster.EventuallyAsync<V1CertificateSigningRequest>(name, csr => csr?.Status?.Certificate is { Length: > 0 }, ""))!;

    private async Task CreateAsync(string user, string[] groups, V1CertificateSigningRequest csr)
    {
        using var connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = await _cluster.Server.KubeconfigOfAsync(user, groups), Component = "test" });
        await new ObjectClient(connection, null, TimeProvider.System).CreateAsync(csr, Cancelled);
    }

    private Task<V1ClusterRoleBinding> BindAsync(string name, string role, string group) => _cluster.CreateAsync(new V1ClusterRoleBinding
    {
        ApiVersion = "rbac.authorization.k8s.io/v1",
        Kind = "ClusterRoleBinding",
        Metadata = new V1ObjectMeta { Name = name },
        RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = role },
        Subjects = [new Rbacv1Subject { ApiGroup = "rbac.authorization.k8s.io", Kind = "Group", Name = group }],
    });
}
