using System.Globalization;
using System.Net.Http.Headers;

namespace MiniKube.Benchmarks.Load;

/// <summary>Pods as JSON, of the size of a usual one: about 2.5 kB as served. Nobody runs them.</summary>
internal static class PodBodies
{
    /// <summary>Every tenth pod has the label <c>tenth=yes</c>; a tenth is on each of ten nodes, and a tenth in each of ten namespaces.</summary>
    public const int Parts = 10;

    /// <summary>Of the pods that lists and gets are of.</summary>
    public static string Name(int number) => $"pod-{number:D6}";

    public static string NamespaceOf(int number) => $"load-{number % Parts}";

    /// <summary>A pod whose annotation <c>load/sent</c> is a moment, to tell how long its way to a watcher takes.</summary>
    public static HttpContent Create(string name, int number, long sent = 0)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","annotations":{"load/sent":"{{{sent:D20}}}","prometheus.io/scrape":"true","prometheus.io/port":"8080",
            "checksum/config":"0b5b1a3bb4e3a9a9b4a2d2b7e6d2b6a1f7c1c8f5a0d6f4c8f3b7a1e2d9c4b5a6"},"labels":{"app":"web","tier":"frontend","tenth":"{{{(number % Parts == 0 ? "yes" : "no")}}}",
            "pod-template-hash":"6b474476c4"}},"spec":{"nodeName":"load-node-{{{number / Parts % Parts}}}","terminationGracePeriodSeconds":0,"serviceAccountName":"default",
            "containers":[{"name":"web","image":"registry.example.com/shop/web:1.27.3","args":["--port=8080","--log-level=info"],
            "ports":[{"name":"http","containerPort":8080},{"name":"metrics","containerPort":9090}],"env":[{"name":"MODE","value":"production"},
            {"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"} } }],"resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"cpu":"500m","memory":"256Mi"}},
            "livenessProbe":{"httpGet":{"path":"/healthz","port":8080},"initialDelaySeconds":5},"readinessProbe":{"httpGet":{"path":"/ready","port":8080}},
            "volumeMounts":[{"name":"config","mountPath":"/etc/web"},{"name":"cache","mountPath":"/var/cache"}]}],
            "volumes":[{"name":"config","configMap":{"name":"web-config"}},{"name":"cache","emptyDir":{}}],
            "tolerations":[{"key":"dedicated","operator":"Equal","value":"web","effect":"NoSchedule"}]}}
            """));
        return new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
