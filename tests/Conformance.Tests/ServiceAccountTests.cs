using System.Text.RegularExpressions;

namespace MiniKube.Conformance.Tests;

/// <summary>What a pod on real Docker knows of its service account: a token that is believed as long as the pod lives, the server's authority, its namespace.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class ServiceAccountTests(EmbeddedCluster cluster)
{
    private const string Files = "/var/run/secrets/kubernetes.io/serviceaccount";

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact]
    public async Task Pod_HasItsTokenAuthorityAndNamespace_AndTheTokenEndsWithIt()
    {
        await using var ns = await cluster.CreateNamespaceAsync("account");
        await Kubectl.ApplyAsync(Pod(""), "-n", ns.Name);
        var log = await Kubectl.WaitForAsync(text => text.Contains("END OF FILES", StringComparison.Ordinal), "logs", "reader", "-n", ns.Name);

        Assert.Contains($"namespace={ns.Name}\n", log, StringComparison.Ordinal);
        Assert.Equal(await Kubectl.ValueAsync(@".data.ca\.crt", "configmap", "kube-root-ca.crt", "-n", ns.Name), Regex.Match(log, "-----BEGIN.*-----END CERTIFICATE-----\n", RegexOptions.Singleline).Value);
        Assert.Matches(@"-rw-r--r-- .* token\n", log);
        var token = Regex.Match(log, "token=(.*)\n").Groups[1].Value;
        Assert.Equal($"true system:serviceaccount:{ns.Name}:default reader", await ReviewAsync(token));

        await Kubectl.RunAsync("delete", "pod", "reader", "-n", ns.Name, "--now");

        Assert.Equal("  ", await ReviewAsync(token));
    }

    [Fact]
    public async Task Pod_ThatWantsNoToken_GetsNone()
    {
        await using var ns = await cluster.CreateNamespaceAsync("account");
        await Kubectl.ApplyAsync(Pod("automountServiceAccountToken: false"), "-n", ns.Name);

        var log = await Kubectl.WaitForAsync(text => text.Contains("END OF FILES", StringComparison.Ordinal), "logs", "reader", "-n", ns.Name);

        Assert.DoesNotContain("token=", log, StringComparison.Ordinal);
        Assert.Equal("", await Kubectl.ValueAsync(".spec.volumes", "pod", "reader", "-n", ns.Name));
    }

    /// <summary>A program in a pod asks the server by the name of its service, trusts it by the mounted authority alone, and may what its account may.</summary>
    [Fact]
    public async Task Pod_WithItsTokenAndAuthority_MayWhatItsAccountMay()
    {
        await using var ns = await cluster.CreateNamespaceAsync("account");
        await Kubectl.RunAsync("create", "role", "reader", "--verb=get", "--resource=configmaps", "-n", ns.Name);
        await Kubectl.RunAsync("create", "rolebinding", "reader", "--role=reader", $"--serviceaccount={ns.Name}:default", "-n", ns.Name);

        await Kubectl.ApplyAsync(Asker(ns.Name), "-n", ns.Name);
        var log = await Kubectl.WaitForAsync(text => text.Contains("END", StringComparison.Ordinal), "logs", "asker", "-n", ns.Name);

        Assert.Equal(["config maps: HTTP/1.1 200 OK", "secrets: HTTP/1.1 403 Forbidden", "no token: HTTP/1.1 401 Unauthorized", "another authority: ", "END"], log.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(5));
    }

    /// <summary>The program is the machine's own openssl: the image has none that checks certificates.</summary>
    private static string Asker(string ns) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: asker}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: asker
            image: busybox:1.36
            env: [{name: OPENSSL_CONF, value: /dev/null}]
            command: [sh, -c]
            args:
            - |
              cd {{Files}}
              ask() { # PATH AUTHORITY TOKEN
                printf 'GET %s HTTP/1.1\r\nHost: kubernetes.default.svc\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' "$1" "$3" |
                  /usr/bin/openssl s_client -quiet -verify_quiet -verify_return_error -CAfile "$2" \
                    -verify_hostname kubernetes.default.svc -connect kubernetes.default.svc:443 2>/dev/null | tr -d '\r' | grep -m 1 ^HTTP
              }
              api=/api/v1/namespaces/{{ns}}
              until ask $api/configmaps/kube-root-ca.crt ca.crt "$(cat token)" | grep 200; do sleep 1; done
              echo "config maps: $(ask $api/configmaps/kube-root-ca.crt ca.crt "$(cat token)")"
              echo "secrets: $(ask $api/secrets ca.crt "$(cat token)")"
              echo "no token: $(ask $api/secrets ca.crt nobody)"
              echo "another authority: $(ask $api/secrets /dev/null "$(cat token)")"
              echo END
              sleep 1000
            volumeMounts: [{name: usr, mountPath: /usr, readOnly: true}, {name: lib, mountPath: /lib, readOnly: true}, {name: lib64, mountPath: /lib64, readOnly: true}]
          volumes:
          - {name: usr, hostPath: {path: /usr} }
          - {name: lib, hostPath: {path: /usr/lib} }
          - {name: lib64, hostPath: {path: /usr/lib64} }
        """;

    private static string Pod(string more) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: reader}
        spec:
          {{more}}
          terminationGracePeriodSeconds: 0
          containers:
          - name: reader
            image: busybox:1.36
            command: [sh, -c, 'cd {{Files}} && echo "token=$(cat token)" && echo "namespace=$(cat namespace)" && cat ca.crt && ls -lL; echo END OF FILES; sleep 1000']
        """;

    private async Task<string> ReviewAsync(string token) => (await Kubectl.TryWithInputAsync(
        $$"""
        apiVersion: authentication.k8s.io/v1
        kind: TokenReview
        spec: {token: "{{token}}" }
        """,
        "create", "-f", "-", "-o", @"jsonpath={.status.authenticated} {.status.user.username} {.status.user.extra.authentication\.kubernetes\.io/pod-name[0]}")).EnsureSuccess().Output;
}
