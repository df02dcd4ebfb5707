using MiniKube.Kubelet.Tests.Runtime;
using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.Specs;

/// <summary>
/// The image <c>servers:1</c>, for probes that busybox has no server for: openssl with a certificate that it signed itself in another name, and a gRPC health service.
/// </summary>
internal static class ServerImage
{
    private static string HealthSource => Path.Combine(RepositoryRoot.Path, "tests/Kubelet.Tests/Specs/health.c");

    public static Task MakeAsync(DockerEngine engine) => DockerEngine.ShellAsync($"""
        cd {engine.Directory}
        cp -a b s
        gcc -Os -static -s -o s/bin/health {HealthSource}
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=elsewhere.example -keyout s/etc/tls.key -out s/etc/tls.crt 2>/dev/null
        cp "$(command -v openssl)" s/bin/openssl
        ldd s/bin/openssl | grep -o '/[^ ]*' | xargs -I LIBRARY cp -L --parents LIBRARY s
        tar -C s --owner=0 --group=0 -cf - . | docker -H {engine.Endpoint.OriginalString} import -c 'ENV PATH=/bin' - servers:1 >/dev/null
        """);
}
