using System.CommandLine;
using System.Net;

using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet;

/// <summary>The kubelet's flags.</summary>
internal sealed class KubeletFlags
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "Path to a kubeconfig file, specifying how to connect to the API server." };
    private readonly Option<string?> _bootstrapKubeconfig = new("--bootstrap-kubeconfig")
    {
        Description = "Path to a kubeconfig file that will be used to get client certificate for kubelet. If the file specified by --kubeconfig does not exist, it is written with that certificate.",
    };

    private readonly Option<string?> _certDirectory = With("--cert-dir", "/var/lib/kubelet/pki", "The directory where the TLS certs are located that the cluster gives.");
    private readonly Option<bool> _rotate = new("--rotate-certificates") { Description = "Rotate the kubelet client certificates by requesting new ones from the API server when their expiration approaches." };
    private readonly Option<bool> _rotateServer = new("--rotate-server-certificates") { Description = "Request the kubelet serving certificate from the API server, and rotate it when its expiration approaches." };
    private readonly Option<string?> _hostnameOverride = new("--hostname-override") { Description = "The name of the node, instead of the machine's." };
    private readonly Option<string?> _nodeIp = new("--node-ip") { Description = "IP address of the node." };
    private readonly Option<string?> _rootDir = With("--root-dir", "/var/lib/kubelet", "Directory path for managing kubelet files (volume mounts, etc).");
    private readonly Option<string?> _staticPodPath = new("--pod-manifest-path", "--static-pod-path")
    {
        Description = "Path to the directory containing static pod files to run, or the path to a single static pod file.",
    };

    private readonly Option<string?> _address = With("--address", "0.0.0.0", "The IP address for the kubelet to serve on.");
    private readonly Option<int> _port = With("--port", 10250, "The port for the kubelet to serve on.");
    private readonly Option<int> _healthzPort = With("--healthz-port", 10248, "The port of the localhost healthz endpoint; 0 disables it.");
    private readonly Option<string?> _tlsCertFile = new("--tls-cert-file") { Description = "File containing the x509 certificate used for serving HTTPS." };
    private readonly Option<string?> _tlsPrivateKeyFile = new("--tls-private-key-file") { Description = "File containing the x509 private key matching --tls-cert-file." };
    private readonly Option<string?> _clientCaFile = new("--client-ca-file")
    {
        Description = "Any request presenting a client certificate signed by one of the authorities in this file is authenticated.",
    };

    private readonly Option<string?> _clusterDns = new("--cluster-dns") { Description = "Comma-separated list of DNS server IP addresses for pods with dnsPolicy=ClusterFirst." };
    private readonly Option<string?> _clusterDomain = With("--cluster-domain", "cluster.local", "Domain for this cluster.");
    private readonly Option<string?> _resolvConf = With("--resolv-conf", "/etc/resolv.conf", "Resolver configuration file used as the basis for the container DNS resolution configuration.");
    private readonly Option<string?> _allowedUnsafeSysctls = new("--allowed-unsafe-sysctls")
    {
        Description = "Comma-separated list of unsafe sysctls or unsafe sysctl patterns (ending in *) that pods may set.",
    };

    private readonly Option<int> _maxPods = With("--max-pods", 110, "Number of pods that can run on this kubelet.");
    private readonly Option<string?> _statusUpdateFrequency = With("--node-status-update-frequency", "10s", "How often the kubelet computes its node's status.");
    private readonly Option<string?> _nodeLabels = new("--node-labels") { Description = "Labels to add when registering the node: key=value pairs separated by ','." };
    private readonly Option<string?> _registerWithTaints = new("--register-with-taints") { Description = "Taints to register the node with: comma separated <key>=<value>:<effect>." };
    private readonly Option<string?> _podInfraContainerImage = With("--pod-infra-container-image", "registry.k8s.io/pause:3.9", "The image of the container that holds a pod's namespaces.");
    private readonly Option<string?> _runtime = With("--runtime", "docker", "What runs pods: docker, or hollow (in memory only).");
    private readonly Option<string?> _dockerEndpoint = With("--docker-endpoint", "unix:///var/run/docker.sock", "The socket of the Docker Engine.");
    private readonly Option<int> _hollowNodes = With("--hollow-nodes", 1, "With --runtime hollow: the number of nodes that this process is.");
    private readonly Option<int> _verbosity = new("--v", "-v") { Description = "Number for the log level verbosity." };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _kubeconfig, _bootstrapKubeconfig, _certDirectory, _rotate, _rotateServer, _hostnameOverride, _nodeIp, _rootDir,
            _staticPodPath, _address, _port, _healthzPort, _tlsCertFile, _tlsPrivateKeyFile, _clientCaFile,
            _clusterDns, _clusterDomain, _resolvConf, _allowedUnsafeSysctls, _maxPods, _statusUpdateFrequency, _nodeLabels, _registerWithTaints, _podInfraContainerImage, _runtime,
            _dockerEndpoint, _hollowNodes, _verbosity,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    public KubeletOptions Read(ParseResult result)
    {
        var name = result.GetValue(_hostnameOverride) is { Length: > 0 } given ? given : Environment.MachineName;
        return new KubeletOptions
        {
            Node = new NodeAgentOptions
            {
                NodeName = name.ToLowerInvariant(),
                NodeIp = result.GetValue(_nodeIp) is { Length: > 0 } ip ? ip : MachineFacts.FindAddress(),
                RootDirectory = result.GetValue(_rootDir) ?? "",
                StaticPodPath = result.GetValue(_staticPodPath) ?? "",
                Port = result.GetValue(_port),
                ClusterDns = FlagText.Split(result.GetValue(_clusterDns)),
                ClusterDomain = result.GetValue(_clusterDomain) ?? "",
                ResolvConf = result.GetValue(_resolvConf) ?? "",
                AllowedUnsafeSysctls = FlagText.Split(result.GetValue(_allowedUnsafeSysctls)),
                MaxPods = result.GetValue(_maxPods),
                StatusUpdatePeriod = FlagText.ParseDuration(result.GetValue(_statusUpdateFrequency)),
                Labels = FlagText.ParseLabels(result.GetValue(_nodeLabels)),
                Taints = [.. FlagText.Split(result.GetValue(_registerWithTaints)).Select(FlagText.ParseTaint)],
                PodInfraContainerImage = result.GetValue(_podInfraContainerImage) ?? "",
            },
            Kubeconfig = result.GetValue(_kubeconfig),
            BootstrapKubeconfig = result.GetValue(_bootstrapKubeconfig) is { Length: > 0 } bootstrap ? bootstrap : null,
            CertDirectory = result.GetValue(_certDirectory) ?? "",
            RotateCertificates = result.GetValue(_rotate),
            RotateServerCertificates = result.GetValue(_rotateServer),
            Runtime = result.GetValue(_runtime) ?? "",
            DockerEndpoint = result.GetValue(_dockerEndpoint) ?? "",
            HollowNodes = result.GetValue(_hollowNodes),
            Address = IPAddress.Parse(result.GetValue(_address) ?? ""),
            HealthzPort = result.GetValue(_healthzPort),
            TlsCertFile = result.GetValue(_tlsCertFile),
            TlsPrivateKeyFile = result.GetValue(_tlsPrivateKeyFile),
            ClientCaFile = result.GetValue(_clientCaFile),
            Verbosity = result.GetValue(_verbosity),
        };
    }

    private static Option<string?> With(string name, string value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<int> With(string name, int value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
