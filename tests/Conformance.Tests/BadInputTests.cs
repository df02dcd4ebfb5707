namespace MiniKube.Conformance.Tests;

/// <summary>What a user gets wrong every day: kubectl prints what it prints on any cluster, fails with 1, and nothing is stored.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class BadInputTests(EmbeddedCluster cluster)
{
    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public Task Create_TypoInAField_IsAStrictDecodingError(string version) => RefusedAsync(version, """
        apiVersion: v1
        kind: Pod
        metadata: {name: typo}
        spec:
          containerz: []
          containers: [{name: web, image: mk/echo:1, imagePullPolicie: Always}]
        """,
        """Error from server (BadRequest): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imagePullPolicie", unknown field "spec.containerz" """);

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public Task Create_MissingSelector_IsInvalid(string version) => RefusedAsync(version, """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: unselected}
        spec:
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: mk/echo:1}]}
        """,
        """
        The Deployment "unselected" is invalid: 
        * spec.selector: Required value
        * spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`
        """);

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public Task Create_BadQuantity_NamesTheExpression(string version) => RefusedAsync(version, """
        apiVersion: v1
        kind: Pod
        metadata: {name: quantity}
        spec: {containers: [{name: web, image: mk/echo:1, resources: {requests: {cpu: 10 cores}}}]}
        """,
        """Error from server (BadRequest): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'""");

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public Task Create_NameWithCapitals_IsInvalid(string version) => RefusedAsync(version, """
        apiVersion: v1
        kind: Pod
        metadata: {name: Web}
        spec: {containers: [{name: web, image: mk/echo:1}]}
        """,
        """The Pod "Web" is invalid: metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')""");

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public Task Create_PortOutOfRange_IsInvalid(string version) => RefusedAsync(version, """
        apiVersion: v1
        kind: Service
        metadata: {name: ports}
        spec: {selector: {app: web}, ports: [{port: 70000}]}
        """,
        """
        The Service "ports" is invalid: 
        * spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive
        * spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive
        """);

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public async Task Create_TheSameNameTwice_AlreadyExists(string version)
    {
        const string Manifest = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: twice}
            data: {a: first}
            """;
        var kubectl = cluster.Kubectl(version);
        await using var ns = await cluster.CreateNamespaceAsync("bad");
        (await kubectl.TryWithInputAsync(Manifest, "create", "-n", ns.Name, "-f", "-")).EnsureSuccess();

        var second = await kubectl.TryWithInputAsync(Manifest, "create", "-n", ns.Name, "-f", "-");

        Assert.Equal("Error from server (AlreadyExists): error when creating \"STDIN\": configmaps \"twice\" already exists", second.Error.Trim());
        Assert.Equal(1, second.ExitCode);
    }

    private async Task RefusedAsync(string version, string manifest, string message)
    {
        var kubectl = cluster.Kubectl(version);
        await using var ns = await cluster.CreateNamespaceAsync("bad");

        var refused = await kubectl.TryWithInputAsync(manifest, "create", "-n", ns.Name, "-f", "-");

        Assert.Equal(message.Trim(), refused.Error.Trim());
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("", await kubectl.RunAsync("get", "pods,services,deployments", "-n", ns.Name, "-o", "name"));
    }
}
