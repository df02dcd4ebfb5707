using System.Security.Cryptography.X509Certificates;
using System.Text;

using k8s;

using MiniKube.Client;

namespace MiniKube.Kubelet.Certificates;

/// <summary>The certificates that the kubelet gets from the cluster itself: to join it, to talk to it, and to be talked to.</summary>
internal sealed class KubeletCertificates(KubeletOptions options)
{
    private readonly CertificateFiles _clientFiles = new(options.CertDirectory, "kubelet-client");
    private readonly CertificateFiles _serverFiles = new(options.CertDirectory, "kubelet-server");

    /// <summary>What the API server is shown; null when that is the kubeconfig's for good.</summary>
    public RotatingCertificate? Client { get; } = options.RotateCertificates ? new RotatingCertificate() : null;

    /// <summary>What the kubelet serves with; null when that comes from files that were given.</summary>
    public RotatingCertificate? Server { get; } = options is { RotateServerCertificates: true, TlsCertFile: null } ? new RotatingCertificate() : null;

    public void AddTo(IServiceCollection services)
    {
        var node = options.Node;
        Add(services, Client, _clientFiles, CertificateTemplate.Client(node.NodeName));
        Add(services, Server, _serverFiles, CertificateTemplate.Server(node));
    }

    /// <summary>
    /// If there is no kubeconfig, or its certificate has ended: gets a certificate with the bootstrap kubeconfig's token, however long that takes, and writes a kubeconfig with it.
    /// Then reads the certificates that there are.
    /// </summary>
    public async Task JoinAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        if (options is { BootstrapKubeconfig: { } bootstrap, Kubeconfig: { } kubeconfig } && !IsGood(kubeconfig, clock.GetUtcNow()))
        {
            if (!HasGoodCertificate(clock.GetUtcNow()))
            {
                using var connection = new ApiConnection(new KubernetesClientOptions { Kubeconfig = bootstrap, Component = "kubelet" });
                var asker = new CertificateAsker(new ObjectClient(connection, null, clock), clock);
                using var joining = Create(services, new RotatingCertificate(), _clientFiles, CertificateTemplate.Client(options.Node.NodeName), asker);
                await joining.ReplaceAsync(cancellationToken);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(kubeconfig))!);
            await using var writer = new StreamWriter(kubeconfig, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await writer.WriteAsync(BootstrapKubeconfig.Render(bootstrap, _clientFiles.Current).AsMemory(), cancellationToken);
        }

        // One that was made by hand is the first; its successors are ours, until somebody gives one that lasts longer.
        if (Client is not null
            && ((X509Certificate2?[])[_clientFiles.Load(), CertificateOf(options.Kubeconfig)]).OfType<X509Certificate2>().MaxBy(certificate => certificate.NotAfter) is { } client)
        {
            Client.Replace(client);
        }

        if (Server is not null && _serverFiles.Load() is { } server)
        {
            Server.Replace(server);
        }
    }

    private static X509Certificate2? CertificateOf(string? kubeconfig) => KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig) switch
    {
        { ClientCertificateData: { Length: > 0 } certificate, ClientCertificateKeyData: { Length: > 0 } key } => X509Certificate2.CreateFromPem(Decode(certificate), Decode(key)),
        { ClientCertificateFilePath: { Length: > 0 } certificate, ClientKeyFilePath: { Length: > 0 } key } => X509Certificate2.CreateFromPemFile(certificate, key),
        _ => null,
    };

    private static string Decode(string base64) => Encoding.ASCII.GetString(Convert.FromBase64String(base64));

    private static void Add(IServiceCollection services, RotatingCertificate? certificate, CertificateFiles files, CertificateTemplate template)
    {
        if (certificate is not null)
        {
            services.AddSingleton<IHostedService>(provider => Create(
                provider, certificate, files, template, new CertificateAsker(provider.GetRequiredService<IObjectClient>(), provider.GetRequiredService<TimeProvider>())));
        }
    }

    private static CertificateRotation Create(
        IServiceProvider services, RotatingCertificate certificate, CertificateFiles files, CertificateTemplate template, CertificateAsker asker) => new(
        template,
        files,
        certificate,
        asker,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<Random>(),
        services.GetRequiredService<ILogger<CertificateRotation>>());

    private bool IsGood(string kubeconfig, DateTimeOffset now) =>
        File.Exists(kubeconfig) && (!File.ReadAllText(kubeconfig).Contains(_clientFiles.Current, StringComparison.Ordinal) || HasGoodCertificate(now));

    private bool HasGoodCertificate(DateTimeOffset now)
    {
        using var certificate = _clientFiles.Load();
        return certificate is not null && now < certificate.NotAfter.ToUniversalTime();
    }
}
