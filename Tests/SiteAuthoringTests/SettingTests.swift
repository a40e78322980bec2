// Settings: what a variable of the environment becomes, and what is told where it cannot be used.
//
// What a process has read stays; so one test reads, and others use settings that nobody reads.

import Testing

@testable import SiteAuthoring

private enum Colour: String, CaseIterable, SettingValue { case red, green }

@Suite("Settings", .serialized) struct SettingTests {
    /// The error of reading one setting; nil if it is read.
    private func fault(_ setting: some AnySetting, _ text: String?) -> String? {
        do throws(SettingFault) {
            try SettingReading.readAll([setting], from: text.map { [setting.name: $0] } ?? [:])
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a value is read by its type`() {
        let text = Setting<String>("A_TEXT")
        let number = Setting("A_NUMBER", default: 1)
        let share = Setting("A_SHARE", default: 0.5)
        let flag = Setting("A_FLAG", default: false)
        let colour = Setting("A_COLOUR", default: Colour.red)
        let unset = Setting("A_DEFAULT", default: 3)
        let all: [any AnySetting] = [text, number, share, flag, colour, unset]
        #expect(throws: Never.self) {
            try SettingReading.readAll(
                all,
                from: [
                    "A_TEXT": " ", "A_NUMBER": "-7", "A_SHARE": "1e3", "A_FLAG": "true",
                    "A_COLOUR": "green", "B": "x",
                ])
        }
        #expect(text.value == " " && number.value == -7 && share.value == 1_000)
        #expect(flag.value && colour.value == .green && unset.value == 3)
        #expect(SettingReading.found.map(\.name) == all.map(\.name))
        #expect(SettingReading.found.map(\.text) == [" ", "-7", "1e3", "true", "green", nil])
        #expect(SettingReading.isDone(without: "B") && !SettingReading.isDone(without: "A_TEXT"))
    }

    @Test func `what is missing or wrong is named, and never repeated`() {
        #expect(
            fault(Setting<String>("NEEDED"), nil)
                == "The setting NEEDED has no value.\nSet NEEDED in the environment.")
        #expect(fault(Setting("COUNT", default: 1), nil) == nil)
        #expect(fault(Setting("COUNT", default: 1), "") == nil, "empty is not set")
        #expect(fault(Setting<String>("NEEDED"), "")?.contains("has no value") == true)
        #expect(
            fault(Setting("COUNT", default: 1), "s3cret")
                == "The setting COUNT is not a whole number.\nChange COUNT in the environment.")
        for text in ["yes", "1", "TRUE", " "] {
            #expect(fault(Setting("FLAG", default: true), text)?.contains("true or false") == true)
        }
        #expect(
            fault(Setting("COLOUR", default: Colour.red), "blue")?.contains("one of red, green")
                == true)
        #expect(fault(Setting("SHARE", default: 1.0), "inf")?.contains("a number") == true)
    }

    @Test func `a text has a limit`() {
        let most = String(repeating: "a", count: SettingReading.valueBytesMax)
        #expect(fault(Setting<String>("TEXT"), most) == nil)
        #expect(fault(Setting<String>("TEXT"), most + "a")?.contains("4096 bytes") == true)
    }

    @Test func `a site has a limit of settings`() async {
        await #expect(processExitsWith: .success) {
            let most = (1...SettingReading.settingsMax).map { Setting("S\($0)", default: 1) }
            try SettingReading.readAll(most, from: [:])
        }
        await #expect(processExitsWith: .failure) {
            let many = (0...SettingReading.settingsMax).map { Setting("S\($0)", default: 1) }
            try SettingReading.readAll(many, from: [:])
        }
    }

    @Test(arguments: [("A", true), ("A_1", true), ("a", false), ("1A", false), ("", false)])
    func `a name is that of a variable`(name: String, isName: Bool) {
        #expect(SettingReading.isName(name) == isName)
    }
}
