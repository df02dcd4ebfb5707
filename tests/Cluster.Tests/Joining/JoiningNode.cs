using System.Globalization;

using k8s.Models;

using MiniKube.Client;
using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Cluster.Tests.Joining;

/// <summary>An API server and a controller manager that lets nodes join, and a hollow node that knows nothing but a token. All in the test's process.</summary>
internal sealed class JoiningNode : IAsyncDisposable
{
    public const string Name = "node1";

    private const string Token = "abcdef.0123456789abcdef";

    private readonly CancellationTokenSource _stop = new();
    private readonly TemporaryFolder _folder = new();
    private readonly ApiConnection _connection;
    private readonly Task<int> _controllers;
    private Task<int> _kubelet = Task.FromResult(0);

    private JoiningNode(TestApiServer server, string controllersKubeconfig, string signingKey)
    {
        Server = server;
        _connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = server.Kubeconfig, Component = "test" });
        Client = new ObjectClient(_connection, null, TimeProvider.System);

        // So short that the first certificates have to be replaced at once, or within half a minute: a life begins five minutes before it was given.
        _controllers = ControllerManager.ControllerManagerCommand.Create().Parse([
            "--kubeconfig", controllersKubeconfig, "--secure-port", "0", "--use-service-account-credentials", "--leader-elect=false",
            "--cluster-signing-cert-file", server.AuthorityFile, "--cluster-signing-key-file", signingKey, "--cluster-signing-duration", "60s",
            "--approve-kubelet-serving-certificates",
        ]).InvokeAsync(null, _stop.Token);
    }

    public TestApiServer Server { get; }

    public IObjectClient Client { get; }

    public int Port { get; } = EtcdProcess.FreePort();

    public string Kubeconfig => _folder.File("kubelet.conf");

    public string Certificates => _folder.File("pki");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<JoiningNode> StartAsync()
    {
        var server = await TestApiServer.StartAsync(options => options with { EnableBootstrapTokenAuth = true });
        var key = Path.Combine(Path.GetDirectoryName(server.AuthorityFile)!, "signing.key");
        await File.WriteAllTextAsync(key, server.AuthorityKey, Cancelled);
        var cluster = new JoiningNode(server, await server.KubeconfigOfAsync("system:kube-controller-manager"), key);
        await cluster.AllowAsync();
        return cluster;
    }

    /// <summary>Starts the kubelet with nothing but the token.</summary>
    public async Task JoinAsync()
    {
        var bootstrap = _folder.File("bootstrap.conf");
        await File.WriteAllTextAsync(
            bootstrap,
            $"""
            apiVersion: v1
            kind: Config
            current-context: joining
            clusters:
            - name: there
              cluster: {"{"}server: "{Server.Address.ToString().TrimEnd('/')}", certificate-authority: "{Server.AuthorityFile}"{"}"}
            contexts:
            - name: joining
              context: {"{"}cluster: there, user: token{"}"}
            users:
            - name: token
              user: {"{"}token: "{Token}"{"}"}
            """,
            Cancelled);
        _kubelet = Kubelet.KubeletCommand.Create().Parse([
            "--runtime", "hollow", "--kubeconfig", Kubeconfig, "--bootstrap-kubeconfig", bootstrap, "--cert-dir", Certificates, "--rotate-certificates",
            "--rotate-server-certificates", "--hostname-override", Name, "--node-ip", "192.0.2.1", "--address", "127.0.0.1",
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--healthz-port", "0", "--root-dir", _folder.File("root"), "--client-ca-file", Server.AuthorityFile,
        ]).InvokeAsync(null, _stop.Token);
    }

    public void FailIfEnded()
    {
        if (_kubelet.IsCompleted || _controllers.IsCompleted)
        {
            throw new InvalidOperationException("The kubelet or the controller manager has ended; see the log.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_kubelet, _controllers);
        _stop.Dispose();
        _connection.Dispose();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AllowAsync()
    {
        await Server.AllowJoiningAsync();
        var parts = Token.Split('.');
        await Client.CreateAsync(
            new V1Secret
            {
                ApiVersion = "v1",
                Kind = "Secret",
                Metadata = new V1ObjectMeta { Name = $"bootstrap-token-{parts[0]}", NamespaceProperty = "kube-system" },
                Type = "bootstrap.kubernetes.io/token",
                StringData = new Dictionary<string, string>
                {
                    ["token-id"] = parts[0],
                    ["token-secret"] = parts[1],
                    ["usage-bootstrap-authentication"] = "true",
                    ["auth-extra-groups"] = "system:bootstrappers:kubeadm:default-node-token",
                },
            },
            Cancelled);
    }
}
