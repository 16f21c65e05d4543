import Foundation

enum GoogleDriveAPI {
    static var clientID: String {
        switch Edition.current {
        case .managed: return "487311323454-oo5ruqv2ywvlj8ysiubia20dxamjrb63.apps.googleusercontent.com"
        case .free: return "487311323454-e0vppbsvrsg7vjdfv7i1sf5d8u6bweij.apps.googleusercontent.com"
        case .paid: return "487311323454-qjyqejaqucgh2x6i6p45m45q921ezo3d.apps.googleusercontent.com"
        }
    }
    static var callbackURLScheme: String {
        switch Edition.current {
        case .managed: return "com.googleusercontent.apps.487311323454-oo5ruqv2ywvlj8ysiubia20dxamjrb63"
        case .free: return "com.googleusercontent.apps.487311323454-e0vppbsvrsg7vjdfv7i1sf5d8u6bweij"
        case .paid: return "com.googleusercontent.apps.487311323454-qjyqejaqucgh2x6i6p45m45q921ezo3d"
        }
    }
}
